using System.Text;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sessions;

/// <summary>
/// Sessions in the store: <c>logapi:session:D</c> is the user id, in UTF-8, of the session whose token has the SHA-256 D in
/// hexadecimal, with the session's time to live. Behind it is its <see cref="StoreSeal"/>, which binds it to D: whoever can write
/// to the store can end sessions, but not make one or turn one into another user's. The end of a session is published on <c>logapi:sessions:ended</c> as D.
/// </summary>
/// <remarks>
/// What was found is kept in memory for a few seconds, but only while this process is sure to hear of logouts: as long as its
/// subscription stands. When the connection breaks or is back, everything kept is forgotten.
/// </remarks>
internal sealed class RedisSessionStore(
    RedisConnection connection, IStoreDurability durability, SessionCache cache, EntryHasher hasher, ILogger<RedisSessionStore> logger)
    : ISessionStore, IHostedService
{
    private readonly StoreSeal _seal = hasher.SealFor("session");
    private readonly RedisChannel _ended = connection.Keys.SessionsEnded;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        connection.Lost += cache.Clear;
        connection.Restored += cache.Clear;
        await connection.SubscribeAsync(_ended, digest => cache.Forget(digest.ToString()));
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        connection.Lost -= cache.Clear;
        connection.Restored -= cache.Clear;
        return Task.CompletedTask;
    }

    public async Task StartAsync(SessionToken token, UserId userId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await connection.CallAsync(
            database => database.StringSetAsync(connection.Keys.Session(token.Digest), Encode(token.Digest, userId), lifetime), cancellationToken);
        await connection.CommitAsync(durability, cancellationToken);
    }

    public ValueTask<UserId?> FindAsync(SessionToken token, CancellationToken cancellationToken)
    {
        if (!MayUseCache()) return new ValueTask<UserId?>(LoadAsync(token.Digest, lookup: null, cancellationToken));
        if (cache.TryGet(token.Digest, out var userId)) return new ValueTask<UserId?>(userId);
        return new ValueTask<UserId?>(LoadAsync(token.Digest, cache.Begin(token.Digest), cancellationToken));
    }

    public async Task EndAsync(SessionToken token, CancellationToken cancellationToken)
    {
        try
        {
            await connection.CallAsync(database => DeleteAndPublishAsync(database, token.Digest), cancellationToken);
            await connection.CommitAsync(durability, cancellationToken);
        }
        finally
        {
            // After the deletion, so that no look-up can bring back what it read before; and whatever became of it.
            cache.Forget(token.Digest);
        }
    }

    // A subscription that stands is one that the server has confirmed on the present connection.
    private bool MayUseCache() => cache.IsEnabled && connection.IsSubscribed(_ended);

    private async Task<UserId?> LoadAsync(string digest, SessionCache.Lookup? lookup, CancellationToken cancellationToken)
    {
        UserId? userId = null;
        TimeSpan? remaining = null;
        try
        {
            var found = await connection.CallAsync(
                database => database.StringGetWithExpiryAsync(connection.Keys.Session(digest)), cancellationToken);
            remaining = found.Expiry;
            return userId = Decode(digest, found.Value);
        }
        finally
        {
            if (lookup is { } begun)
            {
                if (userId is null) SessionCache.Drop(begun);
                else cache.Keep(begun, userId, remaining);
            }
        }
    }

    private byte[] Encode(string digest, UserId userId)
    {
        var name = Encoding.UTF8.GetBytes(userId.Value);
        return [.. name, .. _seal.Of(digest, name)];
    }

    private UserId? Decode(string digest, RedisValue stored)
    {
        if (stored.IsNull) return null;
        var value = (byte[])stored!;
        var end = Math.Max(0, value.Length - StoreSeal.Size);
        if (_seal.IsOf(digest, value.AsSpan(..end), value.AsSpan(end..)) && UserId.TryCreate(Encoding.UTF8.GetString(value, 0, end), out var userId))
            return userId;

        logger.SessionDamaged(connection.Keys.Session(digest).ToString());
        return null;
    }

    private async Task<bool> DeleteAndPublishAsync(IDatabase database, string digest)
    {
        // Sent together, carried out in this order: whoever hears of the end finds the session gone.
        var deleted = database.KeyDeleteAsync(connection.Keys.Session(digest));
        var published = database.PublishAsync(_ended, digest);
        await Task.WhenAll(deleted, published);
        return await deleted;
    }
}
