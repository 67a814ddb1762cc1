using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Sessions;

/// <summary>How much of the sessions a process keeps in its own memory, to ask the store less often.</summary>
public sealed class SessionCacheOptions
{
    /// <summary>
    /// How long a session that was found may be taken as still there, in seconds; 3 unless told, 0 asks the store each time. A
    /// logout counts at once all the same.
    /// </summary>
    [Setting("SESSION_CACHE_SECONDS", Min = 0, Max = 10, Unit = "seconds")]
    public int Seconds { get; init; } = 3;

    /// <summary>How many sessions are kept at the most; 100,000 unless told, each about 300 bytes.</summary>
    [Setting("SESSION_CACHE_ENTRIES", Min = 2, Max = 10_000_000, Unit = "sessions")]
    public int Entries { get; init; } = 100_000;

    /// <summary><see cref="Seconds"/> as a span.</summary>
    public TimeSpan Lifetime => TimeSpan.FromSeconds(Seconds);
}
