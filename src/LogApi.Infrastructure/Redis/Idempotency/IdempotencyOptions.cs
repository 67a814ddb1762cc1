using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Idempotency;

/// <summary>How long requests that may be sent again are remembered.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>How long a request is remembered after its last attempt, in hours; 24 unless told.</summary>
    [Setting("IDEMPOTENCY_HOURS", Min = 1, Max = 720, Unit = "hours")]
    public int Hours { get; init; } = 24;
}
