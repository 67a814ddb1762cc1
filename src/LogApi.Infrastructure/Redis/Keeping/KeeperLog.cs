using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>The events of sealing and retention, 2400 to 2499; the numbers are stable, so that alerts can name them.</summary>
internal static partial class KeeperLog
{
    [LoggerMessage(2401, LogLevel.Debug, "{Count} bundles were sealed; the hot part begins at entry {Sealed}.")]
    public static partial void Sealed(this ILogger logger, int count, long @sealed);

    [LoggerMessage(2402, LogLevel.Warning,
        "Bundle {Bundle} was sealed with other entries than it has, or can't be read, and is sealed anew: an entry was redacted, or the store went back or was changed.")]
    public static partial void SealedAnew(this ILogger logger, long bundle);

    [LoggerMessage(2403, LogLevel.Warning, "The store can't be sealed or trimmed now; trying again.")]
    public static partial void KeepingFailed(this ILogger logger, Exception fault);

    [LoggerMessage(2404, LogLevel.Information, "Retention drops the entries from {First} to {Last}: {Reason}.")]
    public static partial void Dropping(this ILogger logger, long first, long last, string reason);

    [LoggerMessage(2405, LogLevel.Information, "Retention has dropped the entries up to {Last}.")]
    public static partial void Dropped(this ILogger logger, long last);

    [LoggerMessage(2406, LogLevel.Warning,
        "The sealed bundle {Bundle} is gone or can't be read; its entries are dropped, and what the indexes have of them stays.")]
    public static partial void DroppedUnread(this ILogger logger, long bundle);

    [LoggerMessage(2407, LogLevel.Information, "Entry {Sequence} is redacted: nothing of its content is left in the store.")]
    public static partial void Redacted(this ILogger logger, long sequence);

    [LoggerMessage(2408, LogLevel.Error,
        "Entry {Sequence} can't be redacted in the sealed bundle {Bundle}, which can't be read; what is left of it there is left.")]
    public static partial void RedactedUnread(this ILogger logger, long sequence, long bundle);
}
