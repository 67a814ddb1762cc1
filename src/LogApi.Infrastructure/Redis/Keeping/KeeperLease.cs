using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>Lets one process at a time seal and drop.</summary>
internal sealed class KeeperLease(RedisConnection connection, TimeProvider time) : StoreLease(connection.Keys.Keeper, Length, time)
{
    /// <summary>How long a process that is gone keeps the others waiting.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);
}
