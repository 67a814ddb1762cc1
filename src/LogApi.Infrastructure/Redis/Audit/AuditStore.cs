using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary><c>{log}:audit</c>: the audit that is under way, and the last ones that have ended.</summary>
internal sealed class AuditStore(RedisConnection connection, StoreSeal seal, AuditOptions options)
{
    private const string Running = "running";

    private static readonly string Save = LuaResource.Read("audit-save.lua");

    /// <summary>Begins an audit unless one is under way.</summary>
    /// <returns>Which one is under way then, and what the store holds of it when it is this one.</returns>
    public async Task<(Guid Running, RedisValue Stored)> BeginAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var value = Encode(record);
        var running = await SaveAsync(record, value, "", cancellationToken);
        return (Guid.Parse(running), value);
    }

    /// <summary>Writes how far an audit is.</summary>
    /// <param name="record">How far it is.</param>
    /// <param name="stored">What the store holds of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it holds then; null when somebody else has gone on with the audit.</returns>
    public async Task<RedisValue> SaveAsync(AuditRecord record, RedisValue stored, CancellationToken cancellationToken)
    {
        var value = Encode(record);
        return await SaveAsync(record, value, stored, cancellationToken) == record.Id.ToString() ? value : RedisValue.Null;
    }

    /// <summary>Gives the audit that is under way, and what the store holds of it; null when there is none.</summary>
    public async Task<(AuditRecord Record, RedisValue Stored)?> FindRunningAsync(CancellationToken cancellationToken)
    {
        var running = await connection.CallAsync(db => db.HashGetAsync(connection.Keys.Audits, Running), cancellationToken);
        if (!Guid.TryParse(running.ToString(), out var id)) return null;
        var stored = await connection.CallAsync(db => db.HashGetAsync(connection.Keys.Audits, id.ToString()), cancellationToken);
        if (stored.IsNull) return null;
        return (AuditRecord.TryDecode(seal, KeyOf(id), stored) ?? Damaged(id), stored);
    }

    /// <summary>Gives an audit; null when there is none.</summary>
    public async Task<AuditRecord?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var stored = await connection.CallAsync(db => db.HashGetAsync(connection.Keys.Audits, id.ToString()), cancellationToken);
        return stored.IsNull ? null : AuditRecord.TryDecode(seal, KeyOf(id), stored) ?? Damaged(id);
    }

    /// <summary>Gives all that are remembered, the newest first.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await connection.CallAsync(db => db.HashGetAllAsync(connection.Keys.Audits), cancellationToken);
        return [.. rows.Where(row => Guid.TryParse(row.Name.ToString(), out _))
            .Select(row => (Id: Guid.Parse(row.Name.ToString()), row.Value))
            .Select(row => AuditRecord.TryDecode(seal, KeyOf(row.Id), row.Value) ?? Damaged(row.Id))
            .OrderByDescending(record => record.Id.ToString(), StringComparer.Ordinal)];
    }

    private async Task<string> SaveAsync(AuditRecord record, RedisValue value, RedisValue former, CancellationToken cancellationToken)
    {
        var reply = await connection.CallAsync(
            db => db.ScriptEvaluateAsync(
                Save,
                [connection.Keys.Audits],
                [record.Id.ToString(), value, former, record.State == AuditState.Running ? "0" : "1", options.Keep]),
            cancellationToken);
        return reply.ToString();
    }

    private RedisValue Encode(AuditRecord record) => record.Encode(seal, KeyOf(record.Id));

    private string KeyOf(Guid id) => $"{connection.Keys.Audits}:{id}";

    private static AuditRecord Damaged(Guid id) => new()
    {
        Id = id,
        State = AuditState.Damaged,
        Origin = "",
        Size = 0,
        Base = 0,
        Root = "",
        Note = "",
        SecretId = 0,
        StartedAt = TimeOf(id),
        Failure = "What the store holds of this audit was changed there, so that it says nothing any more.",
    };

    // The first 48 bits of a UUID of version 7 (RFC 9562 §5.7).
    private static DateTimeOffset TimeOf(Guid id)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        var millis = bytes.AsSpan(0, 6).ToArray().Aggregate(0L, (sum, value) => (sum << 8) | value);
        return millis <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(millis) : default;
    }
}
