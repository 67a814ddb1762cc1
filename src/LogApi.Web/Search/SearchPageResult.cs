using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using LogApi.Application.Logs.SearchLogs;
using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;
using LogApi.Web.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Search;

/// <summary>Answers with a page of entries. Their stored bytes go out as they are.</summary>
internal sealed class SearchPageResult(LogSearchPage page) : IActionResult
{
    private const int FlushBytes = 64 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (page is { HasMore: true, NextCursor: { } cursor })
            response.Headers[HeaderNames.Link] = $"<{NextPage(context.HttpContext.Request, cursor)}>; rel=\"next\"";

        var body = response.BodyWriter;
        var gaps = new List<GapResponse>();
        body.Write("{\"items\":["u8);
        var isFirst = true;
        foreach (var record in page.Records)
        {
            if (!RecordFields.IsServable(record.Record.Span))
            {
                AddGap(gaps, record.Sequence, LiveMessages.WhyMissing(record));
                continue;
            }

            if (!isFirst) body.Write(","u8);
            isFirst = false;
            ServedEntry.Write(body, record);
            if (body.UnflushedBytes >= FlushBytes) await body.FlushAsync(context.HttpContext.RequestAborted);
        }

        body.Write("],\"next_cursor\":"u8);
        WriteEnd(body, gaps);
        await body.FlushAsync(context.HttpContext.RequestAborted);
    }

    // Neighbours that are missing for the same reason are told of together, in either order.
    private static void AddGap(List<GapResponse> gaps, long sequence, string reason)
    {
        if (gaps is [.., var last] && last.Reason == reason && (sequence == last.To + 1 || sequence == last.From - 1))
            gaps[^1] = last with { From = Math.Min(last.From, sequence), To = Math.Max(last.To, sequence) };
        else
            gaps.Add(new GapResponse { From = sequence, To = sequence, Reason = reason });
    }

    private static string NextPage(HttpRequest request, string cursor)
    {
        var parameters = new List<string>();
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!pair.DecodeName().Span.SequenceEqual("cursor")) parameters.Add($"{pair.EncodedName}={pair.EncodedValue}");
        }

        parameters.Add("cursor=" + cursor);
        return request.PathBase.Add(request.Path).ToUriComponent() + "?" + string.Join('&', parameters);
    }

    private void WriteEnd(PipeWriter body, List<GapResponse> gaps)
    {
        // A cursor consists of letters that JSON does not escape.
        if (page.NextCursor is null) body.Write("null"u8);
        else body.Write([(byte)'"', .. Encoding.ASCII.GetBytes(page.NextCursor), (byte)'"']);
        body.Write(page.HasMore ? ",\"has_more\":true"u8 : ",\"has_more\":false"u8);
        if (gaps.Count > 0)
        {
            body.Write(",\"gaps\":"u8);
            body.Write(JsonSerializer.SerializeToUtf8Bytes(gaps, ApiJson.Context.ListGapResponse));
        }

        body.Write("}"u8);
    }
}
