using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>
/// Lets one process at a time do a piece of work. It only saves work: who has lost the lease without knowing does no harm.
/// </summary>
/// <param name="key">Who has it.</param>
/// <param name="length">How long a process that is gone keeps the others waiting.</param>
/// <param name="time">Measures how long it has been held.</param>
internal abstract class StoreLease(RedisKey key, TimeSpan length, TimeProvider time)
{
    private static readonly string Source = LuaResource.Read("lease.lua");

    // A courtesy, for which a stop has no more time; the host's own token may have ended by then.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private long? _since;

    /// <summary>Takes the lease, or makes it last longer.</summary>
    /// <returns>Whether this process has it.</returns>
    public async Task<bool> TryHoldAsync(IDatabase db)
    {
        var now = time.GetTimestamp();
        if ((int)await RunAsync(db, (long)length.TotalMilliseconds) != 1) return false;
        _since = now;
        return true;
    }

    /// <summary>Makes a lease that was taken last longer in time, in the middle of long work; does nothing without one.</summary>
    /// <returns>Whether to go on.</returns>
    public async Task<bool> KeepAsync(IDatabase db) =>
        _since is not { } since || time.GetElapsedTime(since) < length / 3 || await TryHoldAsync(db);

    /// <summary>Gives it back.</summary>
    public Task ReleaseAsync(IDatabase db) => RunAsync(db, 0);

    /// <summary>Gives it back while the process stops, if the store answers soon.</summary>
    public async Task ReleaseAtStopAsync(RedisConnection connection)
    {
        try
        {
            await ReleaseAsync(connection.Database).WaitAsync(StopLimit, time, CancellationToken.None);
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
        {
            // It ends by itself.
        }
    }

    private Task<RedisResult> RunAsync(IDatabase db, long milliseconds) =>
        db.ScriptEvaluateAsync(Source, [key], [_owner, milliseconds]);
}
