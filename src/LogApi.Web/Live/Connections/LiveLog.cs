namespace LogApi.Web.Live.Connections;

/// <summary>The log events of live connections.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Debug, Message = "A live client joined at entry {Next}")]
    public static partial void ClientJoined(this ILogger logger, long next);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "A live client ended before entry {Next}: {Code} {Reason}")]
    public static partial void ClientEnded(this ILogger logger, long next, int? code, string reason);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "A live client was too slow and lost the entries {From} to {To}; it was told")]
    public static partial void ClientLagged(this ILogger logger, long from, long to);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "A live client did not take what was sent to it in time, or stayed too far behind, and is closed; it is due entry {Next}")]
    public static partial void ClientStalled(this ILogger logger, long next);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Debug, Message = "A live client did not answer a close in time and was cut off")]
    public static partial void ClientCut(this ILogger logger);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Error, Message = "A live connection failed on a fault of this service")]
    public static partial void ConnectionFailed(this ILogger logger, Exception fault);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Error, Message = "The live clients of all processes could not be counted; the last known number is told on")]
    public static partial void CountFailed(this ILogger logger, Exception fault);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Information, Message = "A live client that came back has missed entries from {From} to {To} (-1: not known) and was told: {Reason}")]
    public static partial void ClientMissed(this ILogger logger, long from, long to, string reason);
}
