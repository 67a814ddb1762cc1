using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Logs.FollowLogs;

internal sealed class FollowLogsQueryHandler(ILogRepository logs) : IRequestHandler<FollowLogsQuery, Result<FollowedLogs>>
{
    public async Task<Result<FollowedLogs>> Handle(FollowLogsQuery request, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ToFilter();
        if (request.After is null || !StreamPosition.TryParse(request.After, out var position)) return new FollowedLogs(filter, Resumption: null);
        return new FollowedLogs(filter, Resume(position, await logs.GetHeadAsync(cancellationToken)));
    }

    private static StreamResumption Resume(StreamPosition position, LogHead head)
    {
        var next = position.Sequence + 1;
        if (head.ValidUpTo(position.Epoch) is not { } valid) return From(head.First, new MissedEntries(next, To: null, MissedEntries.StartedAnew));
        var end = Math.Min(valid, head.Next);
        if (next > end) return From(Math.Max(end, head.First), new MissedEntries(end, position.Sequence, MissedEntries.SetBack));
        return next < head.First
            ? From(head.First, new MissedEntries(next, head.First - 1, MissedEntries.Dropped))
            : From(next, missed: null);

        StreamResumption From(long first, MissedEntries? missed) => new(head.Numbering, first, missed);
    }
}
