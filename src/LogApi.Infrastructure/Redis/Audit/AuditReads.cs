using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Reads of an audit: on the connection for large ones, and again for a while when the store does not answer.</summary>
internal sealed class AuditReads(RedisConnection connection, AuditOptions options, TimeProvider time)
{
    // A store that is away for longer is not waited for: the audit goes on where it was, later.
    private const int Attempts = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public RedisKeys Keys => connection.Keys;

    /// <summary>Reads something.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<T> ReadAsync<T>(Func<IDatabase, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await connection.ReadBulkAsync(read, cancellationToken);
            }
            catch (StoreUnavailableException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Reads something for each of many, a part of them at a time.</summary>
    public async Task<TResult[]> ReadEachAsync<T, TResult>(
        IReadOnlyList<T> items, Func<IDatabase, T, Task<TResult>> read, CancellationToken cancellationToken)
    {
        const int AtOnce = 256;
        var results = new TResult[items.Count];
        for (var from = 0; from < items.Count; from += AtOnce)
        {
            var (start, end) = (from, Math.Min(from + AtOnce, items.Count));
            var part = await ReadAsync(
                db =>
                {
                    var replies = new Task<TResult>[end - start];
                    for (var i = start; i < end; i++) replies[i - start] = read(db, items[i]);
                    return Task.WhenAll(replies);
                },
                cancellationToken);
            part.CopyTo(results, start);
        }

        return results;
    }

    /// <summary>Reads the head.</summary>
    public Task<AuditHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        ReadAsync(async db => AuditHead.Read(await db.HashGetAllAsync(connection.Keys.Head)), cancellationToken);

    /// <summary>Waits a little, for what is under way to be over.</summary>
    public Task SettleAsync(int attempt, CancellationToken cancellationToken) =>
        Task.Delay(attempt * options.Settle, time, cancellationToken);
}
