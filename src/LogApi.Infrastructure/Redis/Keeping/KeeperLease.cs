using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>
/// Lets one process at a time seal and drop. It only saves work: who has lost the lease without knowing does no harm.
/// </summary>
internal sealed class KeeperLease(RedisConnection connection, KeeperScripts scripts)
{
    /// <summary>How long a process that is gone keeps the others waiting.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private readonly string _owner = Guid.NewGuid().ToString("N");

    /// <summary>Takes the lease, or makes it last longer.</summary>
    /// <returns>Whether this process has it.</returns>
    public async Task<bool> TryHoldAsync(IDatabase db) => (int)await RunAsync(db, (long)Length.TotalMilliseconds) == 1;

    /// <summary>Gives it back.</summary>
    public Task ReleaseAsync(IDatabase db) => RunAsync(db, 0);

    private Task<RedisResult> RunAsync(IDatabase db, long milliseconds) =>
        db.ScriptEvaluateAsync(scripts.Lease, [connection.Keys.Keeper], [_owner, milliseconds]);
}
