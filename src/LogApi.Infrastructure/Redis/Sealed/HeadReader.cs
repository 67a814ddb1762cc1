using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>Reads the head, and remembers the last one: what was sealed once is sealed, so an old head saves no wrong step.</summary>
/// <remarks>
/// The exception is a store that goes back: one that was restored from a copy, or a replica that had not received everything. It
/// gives numbers that were known already to other entries. A head that is behind one that was read before shows it; by the next
/// look the log may have grown past that, but no store goes back without breaking its connections.
/// </remarks>
internal sealed class HeadReader
{
    private static readonly RedisValue[] Fields = ["epoch", "next", "first", "sealed", "redactions", "setbacks"];

    private readonly RedisConnection _connection;
    private readonly BundleCache _cache;
    private readonly Lock _lock = new();
    private volatile Box _last = new(default);

    public HeadReader(RedisConnection connection, BundleCache cache)
    {
        (_connection, _cache) = (connection, cache);
        connection.Lost += Forget;
        connection.Restored += Forget;
    }

    /// <summary>The head that was read last; all zero but the generation before the first, and after the connection broke.</summary>
    public LogExtent Last => _last.Extent;

    /// <summary>Reads the head as a part of a call.</summary>
    public async Task<LogExtent> ReadAsync(IDatabase db)
    {
        // Reads may end in another order than they were sent in: only what was known before this one can tell that it is behind.
        var before = Last;
        var values = await db.HashGetAsync(_connection.Keys.Head, Fields);
        var head = new LogHead((string?)values[0] ?? "", Number(values[1]), Number(values[2]), Number(values[4]), (string?)values[5] ?? "");
        return Remember(before, new LogExtent(head, Number(values[3]), before.Generation));
    }

    /// <summary>Reads the head.</summary>
    public Task<LogExtent> ReadAsync(CancellationToken cancellationToken) => _connection.CallAsync(ReadAsync, cancellationToken);

    private LogExtent Remember(LogExtent before, LogExtent extent)
    {
        lock (_lock)
        {
            if (Last.Generation != before.Generation) return extent;
            if (extent.IsBehind(before)) extent = extent with { Generation = before.Generation + 1 };
            else if (extent.IsBehind(Last)) return extent;
            _last = new Box(extent);
            _cache.Follow(extent);
            return extent;
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _last = new Box(new LogExtent(default, 0, Last.Generation + 1));
            _cache.Follow(Last);
        }
    }

    private static long Number(RedisValue value) => value.IsNull ? 0 : (long)value;

    private sealed record Box(LogExtent Extent);
}
