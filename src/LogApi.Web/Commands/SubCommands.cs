using LogApi.Web.Commands.Verify;

namespace LogApi.Web.Commands;

/// <summary>The sub-commands, which do one thing and end instead of being a service.</summary>
internal static class SubCommands
{
    /// <summary>Where a service listens unless told.</summary>
    public const string DefaultAddress = "http://localhost:8001";

    /// <summary>Runs the sub-command that the arguments start with and gives its exit code; null when they start with none.</summary>
    public static async Task<int?> TryRunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TimeProvider time, CancellationToken cancellationToken) =>
        arguments switch
        {
            ["audit", ..] => await AuditCommand.RunAsync([.. arguments.Skip(1)], output, time, cancellationToken),
            ["health", ..] => await HealthCommand.RunAsync([.. arguments.Skip(1)], output, time, cancellationToken),
            ["new-key", ..] => await NewKeyCommand.RunAsync([.. arguments.Skip(1)], output),
            ["new-log", ..] => await NewLogCommand.RunAsync([.. arguments.Skip(1)], output, time, cancellationToken),
            ["smoke", ..] => await SmokeCommand.RunAsync([.. arguments.Skip(1)], output, time, cancellationToken),
            ["verify", ..] => await VerifyCommand.RunAsync([.. arguments.Skip(1)], output, cancellationToken),
            _ => null,
        };

    /// <summary>Reads the one optional argument of a sub-command, a service's address; null when it is none.</summary>
    public static Uri? ReadAddress(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 1) return null;
        var text = arguments is [var given] ? given : DefaultAddress;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
    }
}
