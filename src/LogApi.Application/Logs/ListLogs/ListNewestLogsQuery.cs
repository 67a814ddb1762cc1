using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using MediatR;

namespace LogApi.Application.Logs.ListLogs;

/// <summary>Asks where the newest entries are that meet some conditions: the history that a live view starts with.</summary>
/// <param name="Filter">The conditions.</param>
/// <param name="Limit">How many, <see cref="MinLimit"/> to <see cref="MaxLimit"/>.</param>
/// <param name="Offset">How many of the newest to pass over, 0 or more; with conditions, up to <see cref="MaxFilteredOffset"/>.</param>
public sealed record ListNewestLogsQuery(LogFilterRequest Filter, int Limit, int Offset) : IRequest<Result<NewestLogs>>, ILogFilterRequest
{
    /// <summary>The fewest entries that can be asked for.</summary>
    public const int MinLimit = 1;

    /// <summary>The most entries that can be asked for.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The most entries that can be passed over when there are conditions: each of them is read to be counted.</summary>
    public const int MaxFilteredOffset = 10_000;

    /// <summary>Names the request alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(ListNewestLogsQuery);
}

/// <summary>The newest entries, and what it takes to go on from them in both directions.</summary>
/// <param name="Filter">The conditions, to hold against what comes.</param>
/// <param name="Page">Where the entries are; what comes is from <c>Page.Head.Next</c> on.</param>
/// <param name="NextCursor">Where a search with the same conditions, newest first, goes on; null when nothing older can meet them.</param>
public sealed record NewestLogs(LogFilter Filter, LogPage Page, string? NextCursor);
