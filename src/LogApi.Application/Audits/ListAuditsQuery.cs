using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Audits;

/// <summary>Asks for the audits that are remembered.</summary>
public sealed record ListAuditsQuery : IRequest<Result<AuditListResponse>>;

/// <summary>The audits that are remembered.</summary>
public sealed record AuditListResponse
{
    /// <summary>The newest first.</summary>
    public required IReadOnlyList<AuditResponse> Audits { get; init; }
}
