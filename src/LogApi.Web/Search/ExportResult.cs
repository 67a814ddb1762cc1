using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.ExportLogs;
using LogApi.Domain.Transparency;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Search;

/// <summary>
/// Streams an export. Only what the client has not taken yet is held, and the store is read no faster than the client takes. What
/// can't be finished breaks off without its end, so that it can't pass for all of it.
/// </summary>
internal sealed partial class ExportResult(LogExport export, string format, bool withProofs) : IActionResult
{
    /// <summary>The header with a cursor for what is added after the export.</summary>
    public const string CursorHeader = "LogApi-Next-Cursor";

    private const int FlushBytes = 64 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await StreamAsync(http, end.Token);
        }
        catch (Exception fault) when (http.Response.HasStarted && fault is StoreUnavailableException or MissingTileException or OperationCanceledException)
        {
            if (fault is not OperationCanceledException)
                BrokeOff(http.RequestServices.GetRequiredService<ILogger<ExportResult>>(), fault);
            http.Abort();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new FailureException(new Failure(ProblemKinds.NotReady, ProblemKinds.NotReady.Meaning));
        }
    }

    private async Task StreamAsync(HttpContext http, CancellationToken cancellationToken)
    {
        // The first step comes before the answer begins: a store that is away is then a problem that the client can read.
        await using var steps = export.Steps.GetAsyncEnumerator(cancellationToken);
        var isStep = await steps.MoveNextAsync();
        var body = http.Response.BodyWriter;
        ExportWriter writer = format == ExportFormats.Csv ? new CsvExportWriter(body) : new NdjsonExportWriter(body);
        SetHeaders(http, writer);
        writer.Begin();
        var (nextCursor, hasMore) = (export.NextCursor, false);
        for (; isStep; isStep = await steps.MoveNextAsync())
        {
            var step = steps.Current;
            for (var i = 0; i < step.Records.Count; i++)
            {
                writer.Write(step.Records[i], step.Proofs?[i]);
                if (body.UnflushedBytes >= FlushBytes) await body.FlushAsync(cancellationToken);
            }

            (nextCursor, hasMore) = (step.NextCursor, step.HasMore);
        }

        writer.End(nextCursor, hasMore, withProofs, export.Checkpoint?.Note);
        await body.FlushAsync(cancellationToken);
    }

    private void SetHeaders(HttpContext http, ExportWriter writer)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var file = string.Create(CultureInfo.InvariantCulture, $"logs-{time:yyyyMMdd'T'HHmmss'Z'}{writer.Extension}");
        var response = http.Response;
        response.ContentType = writer.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        if (export.NextCursor is { } cursor) response.Headers[CursorHeader] = cursor;
    }

    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "An export broke off on what the store did or did not hold")]
    private static partial void BrokeOff(ILogger log, Exception fault);
}
