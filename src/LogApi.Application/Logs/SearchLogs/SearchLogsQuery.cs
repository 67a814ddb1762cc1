using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Logs.SearchLogs;

/// <summary>Asks for a page of the entries that meet some conditions.</summary>
/// <param name="Filter">The conditions.</param>
/// <param name="Order"><c>desc</c>, newest first, or <c>asc</c>; null for <c>desc</c>.</param>
/// <param name="Limit">How many entries, <see cref="MinLimit"/> to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">Where the page before ended; null for the first page.</param>
public sealed record SearchLogsQuery(LogFilterRequest Filter, string? Order, int Limit, string? Cursor)
    : IRequest<Result<LogSearchPage>>, ILogScanRequest
{
    /// <summary>The fewest entries that can be asked for.</summary>
    public const int MinLimit = 1;

    /// <summary>The most entries that can be asked for.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Names the request alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(SearchLogsQuery);
}

/// <summary>A page of a search.</summary>
/// <param name="Records">
/// The records, in the order asked for. Those that are gone from the store or damaged are among them; each counts as an entry.
/// </param>
/// <param name="NextCursor">Where to go on; null when nothing can follow. Oldest first there is always one, since entries are added.</param>
/// <param name="HasMore">Whether there may be more entries now.</param>
public sealed record LogSearchPage(IReadOnlyList<StoredRecord> Records, string? NextCursor, bool HasMore);
