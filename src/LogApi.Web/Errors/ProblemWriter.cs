using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LogApi.Application.Common.Errors;
using LogApi.Web.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Errors;

/// <summary>Answers a request with a failure, as RFC 9457 <c>application/problem+json</c>.</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of every failure.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Answers with the expected failure of a use case.</summary>
    public static Task WriteAsync(HttpContext context, Error error) => WriteAsync(context, Failure.From(error));

    /// <summary>Answers with a failure. Headers that were set before, such as <c>Allow</c>, are kept.</summary>
    /// <exception cref="InvalidOperationException">The answer has begun already.</exception>
    public static async Task WriteAsync(HttpContext context, Failure failure)
    {
        var response = context.Response;
        response.StatusCode = failure.Kind.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (failure.RetryAfter > 0)
            response.Headers.RetryAfter = failure.RetryAfter.ToString(CultureInfo.InvariantCulture);

        // The server ends a connection whose upgrade was asked for and refused; a client that is not told would use it again.
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }) response.Headers.Connection = "close";
        if (failure.Kind == ProblemKinds.UnsupportedMediaType) response.Headers[HeaderNames.Accept] = failure.Accepts ?? "application/json";
        if (failure.Kind == ProblemKinds.UnsupportedEncoding) response.Headers[HeaderNames.AcceptEncoding] = failure.Accepts;

        var body = JsonSerializer.SerializeToUtf8Bytes(Describe(context, failure), ApiJson.Context.Problem);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static Problem Describe(HttpContext context, Failure failure) => new()
    {
        Type = failure.Kind.Type,
        Title = failure.Kind.Title,
        Status = failure.Kind.Status,
        Detail = failure.Detail,
        Instance = context.Request.PathBase.Add(context.Request.Path).ToUriComponent(),
        Code = failure.Kind.Code,
        TraceId = Activity.Current is { } activity ? activity.TraceId.ToHexString() : context.TraceIdentifier,
        Errors = failure.Errors,
        LogId = failure.LogId,
        AuditId = failure.AuditId,
        Store = failure.Store?.Kind,
        Durability = failure.Store?.Durability,
        UnreadFrom = failure.UnreadFrom,
        Accepted = failure.Batch?.Accepted,
        Rejected = failure.Batch?.Rejected,
        Results = failure.Batch?.Results,
    };
}
