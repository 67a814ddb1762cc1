using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Audits;

/// <summary>Asks how far an audit is, and what it has found.</summary>
/// <param name="Id">The audit's UUID, as the caller gave it.</param>
public sealed record GetAuditQuery(string? Id) : IRequest<Result<AuditResponse>>;
