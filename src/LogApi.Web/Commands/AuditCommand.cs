using LogApi.Application.Audits;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure;
using LogApi.Web.Configuration;

namespace LogApi.Web.Commands;

/// <summary>
/// <c>audit [URL]</c>: holds everything that the store has of the log against the signed tree. Without an address it opens the store
/// itself, with the settings of the service, and takes all cores; an embedded store must not be in use then. With one it asks the
/// service there to do so, at the share of a core that it is set to, and follows it.
/// </summary>
internal static class AuditCommand
{
    private const int Intact = 0;
    private const int Tampered = 1;
    private const int NotDone = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0 when nothing is wrong, 1 when something is, 2 when that can't be told.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var isTerminal = !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);
            var bar = new ProgressBar(output, isTerminal, time);
            if (arguments.Count == 0 || arguments[0].StartsWith("--", StringComparison.Ordinal))
                return await RunHereAsync(arguments, output, bar, time, cancellationToken);
            if (SubCommands.ReadAddress(arguments) is { } address)
                return await new AuditFollower(address, output, bar, time).RunAsync(cancellationToken);
            await output.WriteLineAsync($"usage: audit [URL], such as {SubCommands.DefaultAddress}; without one the store is opened, with the service's settings");
            return NotDone;
        }
        catch (StartRefusedException refused)
        {
            await output.WriteLineAsync(refused.Message);
            if (refused.Message.Contains("is in use by another process", StringComparison.Ordinal))
                await output.WriteLineAsync($"A service that runs audits itself: audit {SubCommands.DefaultAddress}");
            return NotDone;
        }
        catch (StoreUnavailableException)
        {
            await output.WriteLineAsync("The store does not answer, so that nothing can be told.");
            return NotDone;
        }
    }

    /// <summary>Says what an audit has found.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> TellAsync(AuditResponse audit, TextWriter output)
    {
        foreach (var finding in audit.Findings) await output.WriteLineAsync($"{Where(finding)}{finding.Check}: {finding.What}");
        if (audit.MoreFindings > 0) await output.WriteLineAsync(FormattableString.Invariant($"and {audit.MoreFindings:N0} more findings"));
        foreach (var obstacle in audit.Unchecked ?? []) await output.WriteLineAsync($"not looked at: {obstacle}");
        if (audit.Failure is not null) await output.WriteLineAsync(audit.Failure);
        await output.WriteLineAsync(FormattableString.Invariant(
            $"{audit.Verdict ?? audit.State}: {audit.EntriesChecked:N0} entries of a tree over {audit.TreeSize:N0}, {audit.Rate:N0} entries/s"));
        return audit.Verdict switch
        {
            "intact" when audit.Unchecked is null => Intact,
            "tampered" => Tampered,
            _ => NotDone,
        };
    }

    private static async Task<int> RunHereAsync(
        IReadOnlyList<string> arguments, TextWriter output, ProgressBar bar, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. arguments], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.AddSettings();
        builder.Services.AddSingleton(time);
        builder.Services.AddStoreForCommand();
        await using var services = builder.Services.BuildServiceProvider();
        await services.GetRequiredService<IStoreAccess>().OpenAsync(cancellationToken);
        var report = await services.GetRequiredService<IAuditRunner>().RunAsync((total, done) => bar.Add(total, done), cancellationToken);
        bar.Clear();
        if (report is not null) return await TellAsync(AuditResponse.Of(report), output);
        await output.WriteLineAsync("No checkpoint was signed so far: there is nothing that entries could be held against.");
        return NotDone;
    }

    private static string Where(AuditFindingResponse finding) => finding switch
    {
        { From: null } => "",
        _ when finding.From == finding.To => FormattableString.Invariant($"entry {finding.From}: "),
        _ => FormattableString.Invariant($"entries {finding.From} to {finding.To}: "),
    };
}
