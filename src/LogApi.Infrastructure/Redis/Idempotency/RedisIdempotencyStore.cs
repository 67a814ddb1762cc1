using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Idempotency;

/// <summary>
/// Requests in the store: <c>logapi:{request:D}</c> is the <see cref="RequestRecord"/> of the request that D names, and
/// <c>logapi:{request:D}:claim</c> the name of the attempt that has it; both with a time to live. Behind the record is its
/// <see cref="StoreSeal"/>, which binds it to D: a record that was edited, made up or put there from another request is not believed.
/// </summary>
/// <remarks>
/// Nothing here waits until it is on disk. On one server, records and entries are in the same file and the same replication stream:
/// a record is written before the entries of its request, so it is not lost while they are kept, and its outcome after them, so it
/// is lost with them and the request is carried out again. The nodes of a cluster lose what they lose apart from one another: there
/// an outcome can outlive its entries, and an open record can be lost while its entries are kept.
/// </remarks>
internal sealed class RedisIdempotencyStore(
    RedisConnection connection, IdempotencyOptions options, EntryHasher hasher, TimeProvider time, ILogger<RedisIdempotencyStore> logger)
    : IIdempotencyStore
{
    private static readonly string ClaimScript = LuaResource.Read("claim-request.lua");
    private static readonly string EndScript = LuaResource.Read("end-request.lua");

    private readonly StoreSeal _seal = hasher.SealFor("request");
    private readonly long _rememberedMilliseconds = (long)TimeSpan.FromHours(options.Hours).TotalMilliseconds;

    public async Task<IRequestClaim> ClaimAsync(string request, ReadOnlyMemory<byte> bodyDigest, CancellationToken cancellationToken)
    {
        var attempt = Guid.NewGuid().ToString("N");
        var seed = RequestSeed.At(time.GetUtcNow());
        var begun = time.GetTimestamp();
        var reply = await RunAsync(
            ClaimScript,
            request,
            [attempt, RequestClaim.LeaseMilliseconds, Seal(request, RequestRecord.Encode(seed, bodyDigest.Span, outcome: null)), _rememberedMilliseconds],
            cancellationToken);
        var parts = (RedisResult[])reply!;
        return (string?)parts[0] switch
        {
            "first" => new RequestClaim(this, request, attempt, RequestState.First, new RequestRecord(seed, bodyDigest, default), begun, time),
            "retry" => await OpenAsync(request, attempt, RequestState.Retry, (byte[])parts[1]!, begun),
            "answered" => await OpenAsync(request, attempt, RequestState.Answered, (byte[])parts[1]!, begun),
            _ => RequestClaim.UnderWay(TimeSpan.FromMilliseconds(Math.Max(0, (long)parts[1]))),
        };
    }

    /// <summary>Prolongs a claim, or ends it and leaves an outcome.</summary>
    /// <returns>Whether the attempt still had the request; false as well when the store does not answer.</returns>
    public async Task<bool> EndAsync(string request, string attempt, long leaseMilliseconds, ReadOnlyMemory<byte> record)
    {
        try
        {
            var left = record.IsEmpty ? record : Seal(request, record);
            var held = await RunAsync(EndScript, request, [attempt, leaseMilliseconds, left, _rememberedMilliseconds], CancellationToken.None);
            return (long)held == 1;
        }
        catch (StoreUnavailableException fault)
        {
            logger.ClaimNotChanged(fault);
            return false;
        }
    }

    // The digit that the scripts look at stays in front.
    private ReadOnlyMemory<byte> Seal(string request, ReadOnlyMemory<byte> record) => (byte[])[.. record.Span, .. _seal.Of(request, record.Span)];

    private async Task<IRequestClaim> OpenAsync(string request, string attempt, RequestState state, ReadOnlyMemory<byte> stored, long begun)
    {
        var end = Math.Max(0, stored.Length - StoreSeal.Size);
        if (_seal.IsOf(request, stored.Span[..end], stored.Span[end..]))
            return new RequestClaim(this, request, attempt, state, RequestRecord.Decode(stored[..end]), begun, time);

        logger.RequestRecordDamaged(connection.Keys.Request(request).ToString());
        if (state == RequestState.Retry) await EndAsync(request, attempt, leaseMilliseconds: 0, record: default);
        return RequestClaim.Damaged();
    }

    private async Task<RedisResult> RunAsync(string script, string request, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [connection.Keys.Request(request), connection.Keys.RequestClaim(request)];
        try
        {
            return await connection.CallAsync(database => database.ScriptEvaluateAsync(script, keys, arguments), cancellationToken);
        }
        catch (StoreUnavailableException fault) when (fault.Reason == StoreFailure.OutcomeUnknown)
        {
            // A claim that was made and never heard of ends by itself; nothing of the request itself was done.
            throw new StoreUnavailableException(StoreFailure.Unreachable, innerException: fault);
        }
    }
}
