using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Lets one process at a time add entries to the tree. Short, so that the next checkpoint is soon there when it dies.</summary>
internal sealed class IntegratorLease(RedisConnection connection, TimeProvider time)
    : StoreLease(connection.Keys.Integrator, Length, time)
{
    /// <summary>How long a process that is gone keeps the others waiting.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1_200);
}
