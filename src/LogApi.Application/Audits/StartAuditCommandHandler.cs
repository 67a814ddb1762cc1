using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Audits;

internal sealed class StartAuditCommandHandler(ILogAudit audits) : IRequestHandler<StartAuditCommand, Result<AuditResponse>>
{
    public async Task<Result<AuditResponse>> Handle(StartAuditCommand request, CancellationToken cancellationToken)
    {
        var (report, running) = await audits.StartAsync(cancellationToken);
        if (report is not null) return AuditResponse.Of(report);
        return running is { } id ? new AuditRunningError(id) : new NothingToAuditError();
    }
}
