using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>
/// Asks the store what it is and writes a key to it, as appends would: a store that only answers may be a replica, be full, or
/// have a broken disk. Checks that are asked for while one runs share it.
/// </summary>
internal sealed class RedisStoreMonitor(StoreOptions options, RedisConnection connection, IStoreDurability durability)
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
            await connection.CallAsync(WriteAndPublishAsync, CancellationToken.None);
            if (!await IsCommittedAsync()) return Status(inspection, "the embedded store can't write to its disk: see DATA_DIR");
            return Status(inspection, inspection.Refusal ?? await connection.CallAsync(FindDamageAsync, CancellationToken.None));
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
            await connection.CommitAsync(durability, CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException)
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
        var nodes = await Task.WhenAll(primaries.Select(InspectAsync));
        var inspection = StoreInspection.Worst(nodes);

        // No node, no news.
        if (nodes.Length > 0) connection.Refusal = inspection.Refusal;
        return inspection;
    }

    private async Task<bool> WriteAndPublishAsync(IDatabase database)
    {
        var written = database.StringSetAsync(connection.Keys.Probe, "1", ProbeLifetime);

        // To whom the channels are denied, neither new entries nor logouts would be told. No session has an empty digest.
        var published = database.PublishAsync(connection.Keys.SessionsEnded, "");
        await Task.WhenAll(written, published);
        return await written;
    }

    /// <summary>Says what keeps <c>append.lua</c> from adding to the log, or nothing.</summary>
    private async Task<string?> FindDamageAsync(IDatabase database)
    {
        var next = await database.HashGetAsync(connection.Keys.Head, "next");
        if (!next.TryParse(out long end)) return next.IsNull ? null : "the log is damaged: its head holds no number of entries";

        // After the head, so that a healthy bundle has at least what the head says.
        var (bundle, expected) = Math.DivRem(end, RedisKeys.BundleSize);
        var kept = await database.ListLengthAsync(connection.Keys.Entries(bundle));
        return kept >= expected ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the log is damaged: {connection.Keys.Entries(bundle)} has {kept} of {expected} stored entries; restore it from a backup");
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
        catch (RedisServerException refusal) when (StoreFaults.IsDenial(refusal) || StoreFaults.Classify(refusal) is null)
        {
            // Hosted stores often deny these commands; then nothing is known.
            return null;
        }
    }
}
