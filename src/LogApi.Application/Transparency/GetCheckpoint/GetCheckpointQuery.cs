using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Transparency.GetCheckpoint;

/// <summary>Asks for the newest signed checkpoint.</summary>
public sealed record GetCheckpointQuery : IRequest<Result<PublishedCheckpoint>>;
