using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>What an audit may take, and what is kept of it.</summary>
public sealed class AuditOptions
{
    /// <summary>How many findings are kept of an audit; 1,000 unless told. The rest is counted.</summary>
    [Setting("AUDIT_MAX_FINDINGS", Min = 1, Max = 100_000, Unit = "findings")]
    public int MaxFindings { get; init; } = 1_000;

    /// <summary>How many audits that have ended are remembered; 10 unless told.</summary>
    [Setting("AUDIT_KEEP", Min = 1, Max = 1_000, Unit = "audits")]
    public int Keep { get; init; } = 10;

    /// <summary>
    /// How much of a core an audit that the service carries out may take, in percent, about; 50 unless told. More than 100 takes
    /// more than one.
    /// </summary>
    [Setting("AUDIT_CPU_PERCENT", Min = 1, Max = 400, Unit = "percent of a core")]
    public int CpuPercent { get; init; } = 50;

    /// <summary>How long to wait before something that looks wrong is looked at again; longer each time.</summary>
    internal TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(50);
}
