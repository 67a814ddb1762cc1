using System.Runtime.CompilerServices;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Logs.ExportLogs;

internal sealed class ExportLogsQueryHandler(ILogRepository logs, ILogSearch search, ITransparencyLog tiles, LogTree tree)
    : IRequestHandler<ExportLogsQuery, Result<LogExport>>
{
    public async Task<Result<LogExport>> Handle(ExportLogsQuery request, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ToFilter();
        var order = LogOrders.Parse(request.Order, LogOrder.OldestFirst);
        var head = await logs.GetHeadAsync(cancellationToken);
        if (!LogCursor.GoOn(request.Cursor, filter, order, head).TryGet(out var scan, out var error)) return error;
        if (request.After is { } after) scan = SkipTo(scan, after);
        PublishedCheckpoint? checkpoint = null;
        if (request.Proofs)
        {
            var (published, problem) = await tree.ReadHeadAsync(cancellationToken);
            if (problem is not null) return new TreeDamagedError($"There are no proofs to give, because {problem}.");
            checkpoint = published;
            scan = CutAt(scan, published?.Checkpoint.Size ?? 0) with { WithSides = true };
        }

        var cursor = LogCursor.Of(filter, order, head, scan.End);
        var next = request.Limit is null && order == LogOrder.OldestFirst ? cursor.ToString() : null;
        var steps = StepsAsync(scan, cursor, request.Limit ?? long.MaxValue, cancellationToken);
        return new LogExport(next, checkpoint is null ? steps : ProvenSteps.Of(steps, new InclusionProver(tiles, checkpoint.Checkpoint.Size), cancellationToken))
        {
            Checkpoint = checkpoint,
        };
    }

    private static LogScan SkipTo(LogScan scan, long after) => scan.Order == LogOrder.OldestFirst
        ? scan with { First = Math.Clamp(after, scan.First - 1, scan.End - 1) + 1 }
        : scan with { End = Math.Clamp(after, scan.First, scan.End) };

    // A cursor of an export without proofs may lie behind the tree's end: it stays where it is.
    private static LogScan CutAt(LogScan scan, long size) => scan with { End = Math.Clamp(size, Math.Min(scan.First, scan.End), scan.End) };

    private async IAsyncEnumerable<LogExportStep> StepsAsync(
        LogScan scan, LogCursor cursor, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isAscending = scan.Order == LogOrder.OldestFirst;
        await foreach (var step in search.ScanAsync(scan, cancellationToken))
        {
            var (records, position) = (step.Records, step.Position);
            if (records.Count > limit)
            {
                records = [.. records.Take((int)limit)];
                position = isAscending ? records[^1].Sequence + 1 : records[^1].Sequence;
            }

            limit -= records.Count;
            var hasMore = position != (isAscending ? scan.End : scan.First);
            var next = hasMore || isAscending ? (cursor with { Position = position }).ToString() : null;
            yield return new LogExportStep(records, next, hasMore);
            if (limit == 0) yield break;
        }
    }
}
