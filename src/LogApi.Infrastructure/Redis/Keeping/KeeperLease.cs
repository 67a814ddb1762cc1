using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Lets one process at a time seal and drop. It only saves work: who has lost the lease without knowing does no harm.
/// </summary>
internal sealed class KeeperLease(RedisConnection connection, KeeperScripts scripts, TimeProvider time)
{
    /// <summary>How long a process that is gone keeps the others waiting.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private long? _since;

    /// <summary>Takes the lease, or makes it last longer.</summary>
    /// <returns>Whether this process has it.</returns>
    public async Task<bool> TryHoldAsync(IDatabase db)
    {
        var now = time.GetTimestamp();
        if ((int)await RunAsync(db, (long)Length.TotalMilliseconds) != 1) return false;
        _since = now;
        return true;
    }

    /// <summary>Makes a lease that was taken last longer in time, in the middle of long work; does nothing without one.</summary>
    /// <returns>Whether to go on.</returns>
    public async Task<bool> KeepAsync(IDatabase db) =>
        _since is not { } since || time.GetElapsedTime(since) < Length / 3 || await TryHoldAsync(db);

    /// <summary>Gives it back.</summary>
    public Task ReleaseAsync(IDatabase db) => RunAsync(db, 0);

    private Task<RedisResult> RunAsync(IDatabase db, long milliseconds) =>
        db.ScriptEvaluateAsync(scripts.Lease, [connection.Keys.Keeper], [_owner, milliseconds]);
}
