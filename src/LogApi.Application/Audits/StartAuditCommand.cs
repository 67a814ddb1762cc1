using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Audits;

/// <summary>Asks for an audit of everything that the newest checkpoint covers.</summary>
public sealed record StartAuditCommand : IRequest<Result<AuditResponse>>;
