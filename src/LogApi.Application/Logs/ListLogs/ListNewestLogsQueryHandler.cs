using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Search;
using MediatR;
using Microsoft.Extensions.Options;

namespace LogApi.Application.Logs.ListLogs;

internal sealed class ListNewestLogsQueryHandler(ILogRepository logs, ILogSearch search, IOptions<SearchOptions> options)
    : IRequestHandler<ListNewestLogsQuery, Result<NewestLogs>>
{
    public async Task<Result<NewestLogs>> Handle(ListNewestLogsQuery request, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ToFilter();
        return filter.TakesAll || request.Filter.IsOfUserOnly
            ? await FindAsync(filter, request, cancellationToken)
            : await ScanAsync(filter, request, cancellationToken);
    }

    private async Task<NewestLogs> FindAsync(LogFilter filter, ListNewestLogsQuery request, CancellationToken cancellationToken)
    {
        // Whose entries these are is kept apart for exactly this, up to the newest.
        var page = await logs.FindNewestAsync(filter.UserId, request.Limit, request.Offset, cancellationToken);
        var isFull = page.Sequences.Count == request.Limit && page.Sequences[^1] > page.Head.First;
        return new NewestLogs(filter, page, isFull ? CursorOf(filter, page.Head, page.Sequences[^1]) : null);
    }

    private async Task<NewestLogs> ScanAsync(LogFilter filter, ListNewestLogsQuery request, CancellationToken cancellationToken)
    {
        // The end of the log is read first, so whatever was acknowledged before the request is below it.
        var head = await logs.GetHeadAsync(cancellationToken);
        var wanted = request.Offset + request.Limit;
        var scan = new LogScan(filter, LogOrder.NewestFirst, head.First, head.Next, wanted);
        var found = new List<long>();
        var position = head.Next;
        var (entries, bytes) = (0L, 0L);
        await foreach (var step in search.ScanAsync(scan, cancellationToken))
        {
            foreach (var record in step.Records.Take(wanted - found.Count)) found.Add(record.Sequence);
            position = found.Count == wanted ? found[^1] : step.Position;
            entries += step.Entries;
            bytes += step.Bytes;
            if (found.Count == wanted || entries >= options.Value.ScanEntries || bytes >= options.Value.ScanBytes) break;
        }

        var page = new LogPage(head, [.. found.Skip(request.Offset)]);
        return new NewestLogs(filter, page, position > head.First ? CursorOf(filter, head, position) : null);
    }

    private static string CursorOf(LogFilter filter, LogHead head, long position) =>
        LogCursor.Of(filter, LogOrder.NewestFirst, head, position).ToString();
}
