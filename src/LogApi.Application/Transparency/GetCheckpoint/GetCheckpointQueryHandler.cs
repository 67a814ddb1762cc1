using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Transparency.GetCheckpoint;

internal sealed class GetCheckpointQueryHandler(LogTree tree) : IRequestHandler<GetCheckpointQuery, Result<PublishedCheckpoint>>
{
    public async Task<Result<PublishedCheckpoint>> Handle(GetCheckpointQuery request, CancellationToken cancellationToken)
    {
        var head = await tree.ReadHeadAsync(cancellationToken);
        if (head is { Published: null, Problem: { } unknown }) return new SigningRefusedError($"There is no checkpoint to give, because {unknown}.");
        if (head.Problem is { } problem) return new TreeDamagedError($"There is no checkpoint to give, because {problem}.");
        if (head.Published is { } published) return published;
        return new NotFoundError("No checkpoint has been published yet: the first one comes within seconds of the first entry.");
    }
}
