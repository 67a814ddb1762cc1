using LogApi.Application.Common.Errors;
using LogApi.Domain.Transparency;
using Microsoft.AspNetCore.Connections;

namespace LogApi.Web.Errors;

/// <summary>Gives every failure below it one form: exceptions, and statuses that were set without a body.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (IsClientGone(context, fault))
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var failure = Explain(fault);
            if (failure.Kind == ProblemKinds.Internal) RequestFailed(fault);
            await ProblemWriter.WriteAsync(context, failure);
            return;
        }

        if (IsBare(context.Response)) await ProblemWriter.WriteAsync(context, ExplainStatus(context));
    }

    // A broken connection can fail the reading of a body before the request's own token says so.
    private static bool IsClientGone(HttpContext context, Exception fault) =>
        (context.RequestAborted.IsCancellationRequested && fault is (OperationCanceledException or IOException))
        || fault is ConnectionResetException or ConnectionAbortedException
            or OperationCanceledException { InnerException: ConnectionAbortedException };

    /// <summary>Says what an exception means to a client.</summary>
    public static Failure Explain(Exception fault) => fault switch
    {
        FailureException known => known.Failure,
        StoreUnavailableException store => Failure.From(store),
        MissingTileException { Tile: var tile } => new Failure(
            ProblemKinds.TreeDamaged, $"The tile {tile.Level}/{tile.ToPath()} was published, but is missing from the store."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new Failure(ProblemKinds.BodyTooLarge, "The body is over the limit, MAX_BODY_BYTES."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new Failure(ProblemKinds.RequestTimeout, ProblemKinds.RequestTimeout.Meaning),
        BadHttpRequestException => new Failure(ProblemKinds.BadRequest, ProblemKinds.BadRequest.Meaning),
        _ => new Failure(ProblemKinds.Internal, ProblemKinds.Internal.Meaning),
    };

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 } && response.ContentType is null;

    private static Failure ExplainStatus(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Failure(
                ProblemKinds.UnknownPath, $"There is nothing at {request.Path.ToUriComponent()}; GET / lists the endpoints."),
            StatusCodes.Status405MethodNotAllowed => new Failure(
                ProblemKinds.MethodNotAllowed,
                $"{request.Path.ToUriComponent()} does not take {request.Method}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status413PayloadTooLarge => new Failure(
                ProblemKinds.BodyTooLarge, "The body is over the limit, MAX_BODY_BYTES."),
            StatusCodes.Status415UnsupportedMediaType => new Failure(
                ProblemKinds.UnsupportedMediaType, ProblemKinds.UnsupportedMediaType.Meaning),
            StatusCodes.Status401Unauthorized => new Failure(ProblemKinds.Unauthenticated, ProblemKinds.Unauthenticated.Meaning),
            StatusCodes.Status403Forbidden => new Failure(ProblemKinds.Forbidden, ProblemKinds.Forbidden.Meaning),
            >= 500 => new Failure(ProblemKinds.Internal, ProblemKinds.Internal.Meaning),
            _ => new Failure(ProblemKinds.BadRequest, ProblemKinds.BadRequest.Meaning),
        };
    }

    [LoggerMessage(EventId = 1000, Level = LogLevel.Error, Message = "A request failed on a fault of this service")]
    private partial void RequestFailed(Exception fault);
}
