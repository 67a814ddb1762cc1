using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one process keeps the tree with, step by step instead of by itself.</summary>
internal sealed class TreePart : IDisposable
{
    private readonly LogProcess _process;

    /// <param name="store">The store.</param>
    /// <param name="process">The process.</param>
    /// <param name="folder">Its data folder: what it knows of the log outlives it there.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="scripts">Scripts in place of the real ones.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="hasher">The secret of the entries.</param>
    public TreePart(
        StoreFixture store,
        LogProcess process,
        TempDirectory folder,
        IntegratorOptions? options = null,
        TreeScripts? scripts = null,
        string key = Some.SigningKey,
        TimeProvider? time = null,
        EntryHasher? hasher = null)
    {
        _process = process;
        time ??= TimeProvider.System;
        options ??= new IntegratorOptions();
        var connection = process.Connection;
        Assert.That(CheckpointSigner.TryCreate(key, out var signer, out var problem), problem);
        Signer = signer!;
        Tree = new TreeStore(connection, scripts ?? new TreeScripts());
        Tiles = new StoredTiles(connection);
        Source = new LeafSource(connection, process.Sealed.Bundles);
        var check = new EntryCheck(hasher ?? Some.Hasher);
        var settings = new StoreOptions { KeyPrefix = store.Options.KeyPrefix, DataDirectory = folder.Path, TimeoutMilliseconds = store.Options.TimeoutMilliseconds };
        Guard = new TreeGuard(connection, store.Durability, Tree, Signer, settings, options, time, NullLogger<TreeGuard>.Instance);
        Lease = new IntegratorLease(connection, time);
        Integrator = new Integrator(
            connection, store.Durability, process.Sealed.Heads, Lease, Tree, Guard, new LeafReader(Source, check, Tiles), options, time,
            NullLogger<Integrator>.Instance);
        Log = new TransparencyLog(connection, Tree, Guard, Tiles, Source, check);
    }

    public CheckpointSigner Signer { get; }

    public TreeStore Tree { get; }

    public StoredTiles Tiles { get; }

    public LeafSource Source { get; }

    public TreeGuard Guard { get; }

    public IntegratorLease Lease { get; }

    public Integrator Integrator { get; }

    public ITransparencyLog Log { get; }

    /// <summary>Lets the integrator publish all there is, without waiting for the time between two checkpoints.</summary>
    public async Task PublishAsync(IDatabase? database = null)
    {
        database ??= _process.Connection.Database;
        var next = (await _process.Sealed.Heads.ReadAsync(database)).Head.Next;
        while (await Integrator.StepAsync(database, default) == TimeSpan.Zero || (await Tree.ReadAsync(database)).Size < next)
        {
            if (Guard.Refusal is not null) return;
            await Task.Delay(5);
        }
    }

    public void Dispose()
    {
        Integrator.Dispose();
        Guard.Dispose();
        Signer.Dispose();
    }
}
