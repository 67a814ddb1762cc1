using LogApi.Application.Common.Settings;

namespace LogApi.Infrastructure.Redis.Feed;

/// <summary>How closely the live feed watches the store.</summary>
public sealed class FeedOptions
{
    /// <summary>
    /// How often the end of the log is looked up, so that a lost announcement is noticed, in milliseconds; 2,000 unless told.
    /// </summary>
    [Setting("FEED_POLL_MS", Min = 100, Max = 60_000, Unit = "milliseconds")]
    public int PollMilliseconds { get; init; } = 2_000;

    /// <summary><see cref="PollMilliseconds"/> as a span.</summary>
    public TimeSpan Poll => TimeSpan.FromMilliseconds(PollMilliseconds);
}
