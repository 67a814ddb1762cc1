using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Logs.CreateLog;

/// <summary>Writes an entry.</summary>
/// <param name="UserId">Who acted: the holder of the session.</param>
/// <param name="Query">What was run.</param>
/// <param name="Status">With which outcome.</param>
public sealed record CreateLogCommand(string? UserId, string? Query, string? Status) : IRequest<Result<LogEntryResponse>>
{
    /// <summary>Names the request alone: what was run is not for the service's own log.</summary>
    public override string ToString() => nameof(CreateLogCommand);
}
