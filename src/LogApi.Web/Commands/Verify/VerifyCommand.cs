namespace LogApi.Web.Commands.Verify;

/// <summary>
/// <c>verify FILE --vkey VKEY</c>: checks an export with proofs, or the proof of one entry, by the log's public key alone: it needs
/// no service, no secret and no network. It says what is proven and, as plainly, what is not.
/// </summary>
internal static class VerifyCommand
{
    /// <summary>All that can be proven holds.</summary>
    public const int Holds = 0;

    /// <summary>Something is not as it should be.</summary>
    public const int Fails = 1;

    /// <summary>The arguments, or the files they name, are not what the command takes.</summary>
    public const int Misused = 2;

    /// <summary>All that can be proven holds, but whether it is one history with the checkpoint that was given is not shown.</summary>
    public const int Unrelated = 3;

    private const string Usage = """
        usage: verify FILE --vkey VKEY [--checkpoint FILE [--consistency FILE]] [--entry FILE]

          FILE           an export of GET /api/v1/logs/export?format=ndjson&proofs=true,
                         or a proof of GET /api/v1/logs/{id}/proof, as a .tlog-proof file or as JSON
          --vkey         the log's public key, name+id+base64, from somebody other than whoever gave you FILE
          --checkpoint   a checkpoint of the log that you kept, or that somebody else has: is it the same log?
          --consistency  the answer of GET /api/v1/transparency/consistency?from=M&to=N for the sizes of the two checkpoints
          --entry        the entry that a proof is of, as JSON, with its "salt"; not needed for a proof with ?extra=true

        Exit code: 0 when all that can be proven holds, 1 when something does not, 2 when the command can't be carried out,
        3 when all that can be proven holds, but nothing shows that the log is the one of --checkpoint.
        """;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (arguments is ["--help" or "-h"])
        {
            await output.WriteLineAsync(Usage);
            return Holds;
        }

        if (!VerifyArguments.TryParse(arguments, out var parsed, out var problem))
        {
            await output.WriteLineAsync(problem);
            await output.WriteLineAsync(Usage);
            return Misused;
        }

        try
        {
            var report = new VerifyReport(output);
            await VerifyAsync(parsed, report, cancellationToken);
            return await report.EndAsync();
        }
        catch (UnusableFileException unusable)
        {
            await output.WriteLineAsync(unusable.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync(fault.Message);
        }

        return Misused;
    }

    private static async Task VerifyAsync(VerifyArguments arguments, VerifyReport report, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(
            arguments.File, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous });
        if (!file.CanSeek) throw new UnusableFileException($"{arguments.File} can be read only once, as a pipe: write it into a file first.");
        var other = await OtherCheckpoint.ReadAsync(arguments, cancellationToken);
        if (await FileKind.IsExportAsync(file, cancellationToken))
        {
            if (arguments.Entry is not null) throw new UnusableFileException("--entry goes with a proof; FILE is an export.");
            await new ExportCheck(arguments, other, report).RunAsync(file, cancellationToken);
        }
        else
        {
            var entry = arguments.Entry is { } path ? await SmallFile.ReadAsync(path, cancellationToken) : null;
            await new ProofCheck(arguments, other, report).RunAsync(await SmallFile.ReadAsync(file, cancellationToken), entry);
        }
    }
}
