using System.Diagnostics.CodeAnalysis;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs;
using LogApi.Application.Logs.ListLogs;
using LogApi.Web.Search;

namespace LogApi.Web.Live.Http;

/// <summary>What a client asks a live endpoint for.</summary>
/// <param name="Filter">Which entries.</param>
/// <param name="History">Which of the newest entries come first; none when null.</param>
/// <param name="After">Where the client has got to, to go on from there; null to begin with what comes next.</param>
/// <param name="AsksWhere">Whether the first message is to say where the stream begins.</param>
/// <param name="IsBatched">Whether several entries may come in one message.</param>
internal sealed record LiveRequest(LogFilterRequest Filter, HistoryRange? History, string? After, bool AsksWhere, bool IsBatched)
{
    // In place of a position: from now on, and say where that is.
    private const string Now = "now";

    private static readonly string OffsetRange = $"0 to {int.MaxValue}";

    /// <summary>
    /// Reads the parameters. Those it does not know are passed over; the rules of their values are left to the use cases.
    /// </summary>
    /// <param name="query">The query string.</param>
    /// <param name="usualLimit">How many entries of history there are when it is not told; 0 for none.</param>
    /// <param name="lastEventId">Where an event stream broke off, as its client says by itself.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="error">What is wrong with the form of it.</param>
    public static bool TryParse(
        QueryString query,
        int? usualLimit,
        string? lastEventId,
        [NotNullWhen(true)] out LiveRequest? request,
        [NotNullWhen(false)] out InvalidRequestError? error)
    {
        var values = new LogQuery(query);
        var filter = values.Filter();
        var after = values.Text("after");
        if (!string.IsNullOrEmpty(lastEventId)) after = lastEventId;
        var history = usualLimit is { } usual ? ReadHistory(values, usual) : null;
        var isBatched = values.Digit("batch");
        error = values.Error;
        request = error is null
            ? new LiveRequest(filter, after is null ? history : null, after == Now ? null : after, after is not null, isBatched)
            : null;
        return request is not null;
    }

    private static HistoryRange? ReadHistory(LogQuery values, int usualLimit)
    {
        var limit = values.Number("limit", $"{Math.Min(usualLimit, ListNewestLogsQuery.MinLimit)} to {ListNewestLogsQuery.MaxLimit}");
        var offset = values.Number("offset", OffsetRange);
        return usualLimit == 0 && limit is null or 0 ? null : new HistoryRange(Clamp(limit ?? usualLimit), Clamp(offset ?? 0));
    }

    private static int Clamp(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}

/// <summary>Which of the newest entries a client gets first.</summary>
/// <param name="Limit">How many.</param>
/// <param name="Offset">How many of the newest to pass over.</param>
internal sealed record HistoryRange(int Limit, int Offset);
