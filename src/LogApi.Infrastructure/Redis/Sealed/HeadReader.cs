using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>Reads the head, and remembers the last one: what was sealed once is sealed, so an old head saves no wrong step.</summary>
internal sealed class HeadReader(RedisConnection connection, BundleCache cache)
{
    private static readonly RedisValue[] Fields = ["epoch", "next", "first", "sealed"];

    private volatile Box _last = new(default);

    /// <summary>The head that was read last; all zero before the first.</summary>
    public LogExtent Last => _last.Extent;

    /// <summary>Reads the head as a part of a call.</summary>
    public async Task<LogExtent> ReadAsync(IDatabase db)
    {
        var values = await db.HashGetAsync(connection.Keys.Head, Fields);
        var head = new LogHead((string?)values[0] ?? "", Number(values[1]), Number(values[2]));
        var extent = new LogExtent(head, Number(values[3]));
        cache.Follow(head.Epoch, extent.FirstBundle);
        _last = new Box(extent);
        return extent;
    }

    /// <summary>Reads the head.</summary>
    public Task<LogExtent> ReadAsync(CancellationToken cancellationToken) => connection.CallAsync(ReadAsync, cancellationToken);

    private static long Number(RedisValue value) => value.IsNull ? 0 : (long)value;

    private sealed record Box(LogExtent Extent);
}
