using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Carries out an audit at once, with all cores.</summary>
internal sealed class AuditRunner(Auditor auditor, TimeProvider time) : IAuditRunner
{
    public async Task<AuditReport?> RunAsync(Action<long, int> progress, CancellationToken cancellationToken)
    {
        if (await auditor.BeginAsync(cancellationToken) is not { } record) return null;
        progress(record.Size, 0);
        var pace = AuditPace.Full(time);
        while (record.State == AuditState.Running)
            record = await auditor.StepAsync(record, pace, count => progress(record.Size, count), cancellationToken);
        return record.ToReport();
    }
}
