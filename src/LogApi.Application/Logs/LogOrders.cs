using LogApi.Application.Ports;

namespace LogApi.Application.Logs;

/// <summary>The words for <see cref="LogOrder"/> in requests.</summary>
internal static class LogOrders
{
    public const string NewestFirst = "desc";
    public const string OldestFirst = "asc";

    public static string? Check(string? order) =>
        order is null or NewestFirst or OldestFirst ? null : $"must be {NewestFirst} (newest first) or {OldestFirst} (oldest first)";

    public static LogOrder Parse(string? order, LogOrder usual) => order switch
    {
        null => usual,
        OldestFirst => LogOrder.OldestFirst,
        _ => LogOrder.NewestFirst,
    };
}
