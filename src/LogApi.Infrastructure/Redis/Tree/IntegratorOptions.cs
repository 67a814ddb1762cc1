using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>How often the log commits itself to its entries, and what it does while it can't.</summary>
public sealed class IntegratorOptions
{
    /// <summary>How much time is between two checkpoints while entries come in, in milliseconds; 1,000 unless told.</summary>
    [Setting("CHECKPOINT_INTERVAL_MS", Min = 100, Max = 60_000, Unit = "milliseconds")]
    public int IntervalMilliseconds { get; init; } = 1_000;

    /// <summary>
    /// Whether entries are stored while the log refuses to sign because the store lost or changed something; not unless told.
    /// </summary>
    [Setting("ACCEPT_UNSIGNED")]
    public bool AcceptUnsigned { get; init; }

    /// <summary><see cref="IntervalMilliseconds"/> as a span.</summary>
    public TimeSpan Interval => TimeSpan.FromMilliseconds(IntervalMilliseconds);
}
