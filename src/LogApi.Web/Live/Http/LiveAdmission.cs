using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Logs.ListLogs;
using LogApi.Domain.Search;
using LogApi.Web.Errors;
using LogApi.Web.Hosting;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Frames;
using MediatR;

namespace LogApi.Web.Live.Http;

/// <summary>
/// Lets a client in, or says what stands in its way while it can still read a problem: afterwards there are only messages.
/// </summary>
internal sealed class LiveAdmission(
    LiveServices live, LiveConnections connections, AllowedOrigins origins, IMediator mediator, IHostApplicationLifetime lifetime)
{
    /// <summary>Gives a client its place, or what stands in its way.</summary>
    /// <param name="context">Its request.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="framing">How messages stand on the wire.</param>
    public async Task<(LivePlace? Place, Failure? Refusal)> AdmitAsync(HttpContext context, LiveRequest request, MessageFraming framing)
    {
        if (!origins.IsAllowed(context.Request)) return (null, Of(ProblemKinds.OriginNotAllowed));
        if (lifetime.ApplicationStopping.IsCancellationRequested) return (null, Of(ProblemKinds.NotReady));
        if (!connections.TryEnter()) return (null, Of(ProblemKinds.TooManyConnections));
        LivePlace? place = null;
        try
        {
            var (join, refusal) = await PrepareAsync(request, ClientFormat.Of(framing, request.IsBatched), context.RequestAborted);

            // The stop may have begun while the store was asked; a client that can still read a problem need not be closed.
            if (refusal is not null) return (null, refusal);
            if (join is null || lifetime.ApplicationStopping.IsCancellationRequested) return (null, Of(ProblemKinds.NotReady));
            place = new LivePlace(join, connections);
            return (place, null);
        }
        finally
        {
            if (place is null) connections.Leave();
        }
    }

    private static Failure Of(ProblemKind kind) => new(kind, kind.Meaning);

    private async Task<(LiveJoin? Join, Failure? Refusal)> PrepareAsync(LiveRequest request, ClientFormat format, CancellationToken cancellationToken)
    {
        if (request.History is { } range)
        {
            var query = new ListNewestLogsQuery(request.Filter, range.Limit, range.Offset);
            if (!(await mediator.Send(query, cancellationToken)).TryGet(out var history, out var error)) return (null, Failure.From(error));
            var opening = new LiveOpening(request, History: history);
            return (Join(opening, history.Filter, history.Page.Head.Numbering, FirstAfter(history)), null);
        }

        var following = await mediator.Send(new FollowLogsQuery(request.Filter, request.After), cancellationToken);
        if (!following.TryGet(out var followed, out var problem)) return (null, Failure.From(problem));
        var resumption = followed.Resumption;
        return (Join(new LiveOpening(request, Resumption: resumption), followed.Filter, resumption?.Epoch, resumption?.Next), null);

        LiveJoin? Join(LiveOpening opening, LogFilter filter, string? epoch, long? next) => live.Ring.TryJoin(epoch, next, out var cursor)
            ? new LiveJoin(opening, filter.TakesAll ? null : filter, format, cursor)
            : null;
    }

    // The page holds everything below its head; should it hold more, that is not to be sent again.
    private static long FirstAfter(NewestLogs history) =>
        Math.Max(history.Page.Head.Next, history.Page.Sequences.Count == 0 ? 0 : history.Page.Sequences[0] + 1);
}
