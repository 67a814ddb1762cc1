using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Lets one process at a time carry out the audit that is under way.</summary>
internal sealed class AuditLease(RedisConnection connection, TimeProvider time) : StoreLease(connection.Keys.Auditor, Length, time)
{
    /// <summary>How long a process that is gone keeps the others waiting.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);
}
