using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>The events of the tree and its guard, 2500 to 2599; the numbers are stable, so that alerts can name them.</summary>
internal static partial class TreeLog
{
    [LoggerMessage(2501, LogLevel.Debug, "The checkpoint over {Size} entries is published.")]
    public static partial void Published(this ILogger logger, long size);

    [LoggerMessage(2502, LogLevel.Critical,
        "Nothing is signed any more: {Reason} See \"When the service refuses to sign\" in docs/operations.md.")]
    public static partial void Refused(this ILogger logger, string reason);

    [LoggerMessage(2503, LogLevel.Warning, "The store's tree is right again, and is signed.")]
    public static partial void Accepted(this ILogger logger);

    [LoggerMessage(2504, LogLevel.Warning, "No checkpoint could be made or published now; trying again.")]
    public static partial void IntegrationFailed(this ILogger logger, Exception fault);

    [LoggerMessage(2505, LogLevel.Warning, "The published tree could not be checked now; trying again.")]
    public static partial void CheckFailed(this ILogger logger, Exception fault);

    [LoggerMessage(2507, LogLevel.Debug, "The next checkpoint waits for what is away, or went wrong before.")]
    public static partial void Postponed(this ILogger logger, Exception fault);

    [LoggerMessage(2508, LogLevel.Error,
        "The entries from {First} on have waited for {Seconds} s to be signed, and nothing says that they must not be.")]
    public static partial void SigningIsLate(this ILogger logger, long first, long seconds);

    [LoggerMessage(2509, LogLevel.Information, "Signing goes on, over {Size} entries by now.")]
    public static partial void SigningGoesOn(this ILogger logger, long size);

    [LoggerMessage(2506, LogLevel.Warning,
        "{Count} of the entries {First} to {Last} are gone or damaged; the tree, which was started anew, has in their places what the one before it had, or that they are lost.")]
    public static partial void LeavesLost(this ILogger logger, int count, long first, long last);
}
