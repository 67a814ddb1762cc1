using System.Text;

namespace LogApi.Web.Commands.Verify;

/// <summary>Tells what a file is.</summary>
internal static class FileKind
{
    /// <summary>What a file of C2SP tlog-proof begins with.</summary>
    public const string ProofHeader = "c2sp.org/tlog-proof@v";

    /// <summary>Whether a file is an export, lines of entries; otherwise it is the proof of one entry.</summary>
    /// <exception cref="UnusableFileException">It is neither.</exception>
    public static async Task<bool> IsExportAsync(FileStream file, CancellationToken cancellationToken)
    {
        var start = new byte[ProofHeader.Length];
        var length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (Encoding.Latin1.GetString(start, 0, length) == ProofHeader) return false;

        // A proof in JSON may be laid out over many lines; an export has an entry, or its end, in each.
        if (IsLine(await FileLines.ReadFirstAsync(file, cancellationToken)) || IsLine(await FileLines.ReadLastAsync(file, cancellationToken)))
            return true;
        if (file.Length <= SmallFile.MaxBytes && JsonText.TryRead(await SmallFile.ReadAsync(file, cancellationToken), out var document))
        {
            using (document)
            {
                if (document.RootElement.TryGetProperty("hashes", out _) && document.RootElement.TryGetProperty("checkpoint", out _)) return false;
            }
        }

        throw new UnusableFileException($"{file.Name} is neither an NDJSON export nor a proof.");
    }

    private static bool IsLine(ReadOnlyMemory<byte> line)
    {
        if (!JsonText.TryRead(line, out var document)) return false;
        using (document) return document.RootElement.TryGetProperty("id", out _) || document.RootElement.TryGetProperty("type", out _);
    }
}
