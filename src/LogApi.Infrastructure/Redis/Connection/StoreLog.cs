using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>The store's log events, 2000 to 2099.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Warning, "The store at {Address} can't be reached; trying again until it can.")]
    public static partial void Lost(ILogger logger, string address);

    [LoggerMessage(2001, LogLevel.Information, "The store at {Address} is back.")]
    public static partial void Restored(ILogger logger, string address);

    [LoggerMessage(2003, LogLevel.Error, "No entries are given to the store: {Refusal}")]
    public static partial void Refused(ILogger logger, string refusal);

    [LoggerMessage(2002, LogLevel.Warning, "The embedded store's count of entries could not be noted on disk; trying again.")]
    public static partial void HeadNotKept(ILogger logger, Exception fault);
}
