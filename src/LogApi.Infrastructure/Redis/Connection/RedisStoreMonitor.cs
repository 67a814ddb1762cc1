using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>
/// Asks the store what it is and writes a key to it, as appends would: a store that only answers may be a replica, be full, or
/// have a broken disk. Checks that are asked for while one runs share it.
/// </summary>
internal sealed class RedisStoreMonitor(StoreOptions options, RedisConnection connection, IStoreDurability durability, TimeProvider time)
    : IStoreMonitor
{
    private static readonly TimeSpan ProbeLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<StoreStatus>? _running;

    public Task<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_running is null or { IsCompleted: true }) _running = RunAsync();
            return _running.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Says why the store must not be used at all, or nothing; nothing also for one that does not answer.</summary>
    public async Task<string?> FindRefusalAsync(CancellationToken cancellationToken)
    {
        try
        {
            return options.IsEmbedded ? null : (await connection.CallAsync(InspectAsync, cancellationToken)).Refusal;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task<StoreStatus> RunAsync()
    {
        var inspection = options.IsEmbedded
            ? new StoreInspection("embedded", EvictionPolicy: null, StoreInspection.FsyncAlways)
            : new StoreInspection("redis", EvictionPolicy: null, StoreInspection.Unknown);
        try
        {
            if (!options.IsEmbedded) inspection = await connection.CallAsync(InspectAsync, CancellationToken.None);
            await connection.CallAsync(
                database => database.StringSetAsync(connection.Keys.Probe, "1", ProbeLifetime), CancellationToken.None);
            if (!await IsCommittedAsync()) return Status(inspection, "the embedded store can't write to its disk: see DATA_DIR");
            return Status(inspection, inspection.Refusal);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or RedisException)
        {
            return Status(inspection, inspection.Refusal ?? StoreProblem.Describe(fault, connection.Address, HasReplicasOnly()));
        }
    }

    private static StoreStatus Status(StoreInspection inspection, string? problem) =>
        new(inspection.Product, Ready: problem is null, inspection.Durability, problem);

    private async Task<bool> IsCommittedAsync()
    {
        try
        {
            await durability.CommitAsync(CancellationToken.None).WaitAsync(options.Timeout, time);
            return true;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    // The client sends no write to a replica, so the store can't say itself what is wrong.
    private bool HasReplicasOnly() =>
        connection.IsConnected && connection.Servers.Where(server => server.IsConnected).All(server => server.IsReplica);

    private async Task<StoreInspection> InspectAsync(IDatabase database)
    {
        var primaries = connection.Servers.Where(server => server is { IsConnected: true, IsReplica: false });
        return StoreInspection.Worst(await Task.WhenAll(primaries.Select(InspectAsync)));
    }

    private static async Task<StoreInspection> InspectAsync(IServer server)
    {
        var info = AllowedAsync(server.InfoRawAsync());
        var logging = AllowedAsync(server.ConfigGetAsync("append*"));
        var snapshots = AllowedAsync(server.ConfigGetAsync("save"));
        await Task.WhenAll(info, logging, snapshots);
        return StoreInspection.Read(await info, await logging is { } settings ? [.. settings, .. await snapshots ?? []] : null);
    }

    private static async Task<T?> AllowedAsync<T>(Task<T> question)
        where T : class?
    {
        try
        {
            return await question;
        }
        catch (RedisServerException refusal) when (StoreFaults.Classify(refusal) is null)
        {
            // Hosted stores often deny these commands; then nothing is known.
            return null;
        }
    }
}
