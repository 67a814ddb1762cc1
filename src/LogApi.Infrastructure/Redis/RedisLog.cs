using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis;

/// <summary>Every event about the log in the store, from 2100 on; the numbers are stable, so that alerts can name them.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(2201, LogLevel.Warning, "The store did not take {Count} entries; outcome unknown: {OutcomeUnknown}.")]
    public static partial void AppendFailed(this ILogger logger, Exception fault, int count, bool outcomeUnknown);

    [LoggerMessage(2202, LogLevel.Error, "The store refused {Count} entries.")]
    public static partial void AppendRefused(this ILogger logger, Exception fault, int count);

    [LoggerMessage(2203, LogLevel.Warning, "What an interrupted write left in the store could not be taken out yet.")]
    public static partial void RepairFailed(this ILogger logger, Exception fault);

    [LoggerMessage(2101, LogLevel.Information, "The live feed starts at entry {Next} of epoch {Epoch}.")]
    public static partial void FeedStarted(this ILogger logger, long next, string epoch);

    [LoggerMessage(2102, LogLevel.Error,
        "The store went back from entry {Expected} to {Actual}: acknowledged entries are gone from it, or an older copy was restored.")]
    public static partial void StoreWentBack(this ILogger logger, long expected, long actual);

    [LoggerMessage(2103, LogLevel.Warning, "The numbering of the log started anew: epoch {Epoch}.")]
    public static partial void EpochChanged(this ILogger logger, string epoch);

    [LoggerMessage(2104, LogLevel.Warning, "The live feed can't read the store and tries again.")]
    public static partial void FeedReadFailed(this ILogger logger, Exception fault);

    [LoggerMessage(2302, LogLevel.Error,
        "{Key} was changed in the store, or is sealed with a secret that is not known: the request that it remembers is refused.")]
    public static partial void RequestRecordDamaged(this ILogger logger, string key);

    [LoggerMessage(2303, LogLevel.Error,
        "{Key} was changed in the store, or is sealed with a secret that is not known: its session is not valid.")]
    public static partial void SessionDamaged(this ILogger logger, string key);

    [LoggerMessage(2301, LogLevel.Warning, "The claim of a request could not be prolonged or ended; it ends by itself.")]
    public static partial void ClaimNotChanged(this ILogger logger, Exception fault);
}
