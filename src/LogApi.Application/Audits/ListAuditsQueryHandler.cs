using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Audits;

internal sealed class ListAuditsQueryHandler(ILogAudit audits) : IRequestHandler<ListAuditsQuery, Result<AuditListResponse>>
{
    public async Task<Result<AuditListResponse>> Handle(ListAuditsQuery request, CancellationToken cancellationToken) =>
        new AuditListResponse { Audits = [.. (await audits.ListAsync(cancellationToken)).Select(AuditResponse.Of)] };
}
