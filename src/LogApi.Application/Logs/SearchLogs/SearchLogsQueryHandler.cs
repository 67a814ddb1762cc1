using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;
using Microsoft.Extensions.Options;

namespace LogApi.Application.Logs.SearchLogs;

internal sealed class SearchLogsQueryHandler(ILogRepository logs, ILogSearch search, IOptions<SearchOptions> options)
    : IRequestHandler<SearchLogsQuery, Result<LogSearchPage>>
{
    public async Task<Result<LogSearchPage>> Handle(SearchLogsQuery request, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ToFilter();
        var order = LogOrders.Parse(request.Order, LogOrder.NewestFirst);

        // The end of the log is read first, so whatever was acknowledged before the request is below it.
        var head = await logs.GetHeadAsync(cancellationToken);
        if (!LogCursor.GoOn(request.Cursor, filter, order, head).TryGet(out var scan, out var error)) return error;

        var page = new PageBuilder(scan, request.Limit, options.Value);
        await foreach (var step in search.ScanAsync(scan with { Wanted = request.Limit }, cancellationToken))
        {
            if (!page.Add(step)) break;
        }

        var cursor = page.HasMore || order == LogOrder.OldestFirst
            ? LogCursor.Of(filter, order, head, page.Position).ToString()
            : null;
        return new LogSearchPage(page.Records, cursor, page.HasMore);
    }
}
