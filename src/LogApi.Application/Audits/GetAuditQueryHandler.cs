using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using MediatR;

namespace LogApi.Application.Audits;

internal sealed class GetAuditQueryHandler(ILogAudit audits) : IRequestHandler<GetAuditQuery, Result<AuditResponse>>
{
    public async Task<Result<AuditResponse>> Handle(GetAuditQuery request, CancellationToken cancellationToken)
    {
        var id = LogId.Create(request.Id).Value;
        return await audits.FindAsync(id, cancellationToken) is { } report
            ? AuditResponse.Of(report)
            : new NotFoundError($"There is no audit {id}, or it is not remembered any more.");
    }
}
