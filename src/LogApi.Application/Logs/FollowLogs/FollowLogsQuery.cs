using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using MediatR;

namespace LogApi.Application.Logs.FollowLogs;

/// <summary>Asks where a client of a live stream goes on.</summary>
/// <param name="Filter">Which entries it wants.</param>
/// <param name="After">Where it has got to, a <see cref="StreamPosition"/>; null to begin with what comes next.</param>
public sealed record FollowLogsQuery(LogFilterRequest Filter, string? After) : IRequest<Result<FollowedLogs>>, ILogFilterRequest
{
    /// <summary>Names the request alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(FollowLogsQuery);
}

/// <summary>Where a client goes on.</summary>
/// <param name="Filter">The conditions, to hold against what comes.</param>
/// <param name="Resumption">Where it goes on; null to begin with what comes next.</param>
public sealed record FollowedLogs(LogFilter Filter, StreamResumption? Resumption);

/// <summary>How a stream is taken up again.</summary>
/// <param name="Epoch">The numbering (<see cref="LogHead.Numbering"/>).</param>
/// <param name="Next">The first number that it gets.</param>
/// <param name="Missed">What lies between its position and that, and can't be had any more; null when that is nothing.</param>
public sealed record StreamResumption(string Epoch, long Next, MissedEntries? Missed);

/// <summary>Entries that can't be had any more.</summary>
/// <param name="From">The first number.</param>
/// <param name="To">The last one; null when nobody knows where the old numbering ended.</param>
/// <param name="Reason">Why.</param>
public sealed record MissedEntries(long From, long? To, string Reason)
{
    /// <summary>The reason when the store was emptied or replaced.</summary>
    public const string StartedAnew = "the log was started anew";

    /// <summary>The reason when the store has lost its newest entries.</summary>
    public const string SetBack = "the log was set back";

    /// <summary>The reason when retention has dropped them.</summary>
    public const string Dropped = "retention has dropped them";
}
