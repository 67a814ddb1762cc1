using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Verification;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Tree;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one process seals and drops with, step by step instead of by itself.</summary>
internal sealed class KeeperPart
{
    private readonly RedisConnection _connection;
    private readonly LogRepository _logs;

    public KeeperPart(
        StoreFixture store, LogProcess process, KeeperOptions? options = null, KeeperScripts? scripts = null, TimeProvider? time = null)
    {
        (_connection, _logs) = (process.Connection, process.Logs);
        scripts ??= new KeeperScripts();
        options ??= new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0 };
        time ??= TimeProvider.System;
        var index = new SealedIndex(_connection, scripts, Some.Hasher);
        var lease = new KeeperLease(_connection, time);
        var writer = new BundleWriter(_connection, process.Sealed.Store, index, lease, scripts, NullLogger<BundleWriter>.Instance);
        Sealer = new Sealer(
            _connection, store.Durability, writer, process.Sealed.Store, index, options, scripts, time, NullLogger<Sealer>.Instance);
        Retention = new Retention(
            _connection, store.Durability, process.Sealed.Store, index, new RetentionPlan(_connection, new TreeStore(_connection, new TreeScripts()), options, time), lease, process.Logs, Some.Hasher,
            scripts, time, NullLogger<Retention>.Instance);
        Redactor = new Redactor(
            _connection, store.Durability, process.Sealed.Heads, process.Sealed.Store, index, process.Logs, Some.Hasher, scripts, time,
            NullLogger<Redactor>.Instance);
        Keeper = new Keeper(
            _connection, process.Sealed.Heads, lease, Sealer, Retention, Redactor, time, NullLogger<Keeper>.Instance);
        Heads = process.Sealed.Heads;
    }

    public Sealer Sealer { get; }

    public Retention Retention { get; }

    public Redactor Redactor { get; }

    public Keeper Keeper { get; }

    private Infrastructure.Redis.Sealed.HeadReader Heads { get; }

    /// <summary>Seals all that is due, without the lease.</summary>
    public async Task SealAsync(IDatabase? database = null)
    {
        database ??= _connection.Database;
        while (await Sealer.StepAsync(database, await Heads.ReadAsync(database), default) || Sealer.NextDue is not null)
        {
            // As the loop of the keeper would.
        }
    }

    /// <summary>Redacts an entry, as a request for it does, and gives what is to be left of it; nothing when it is dropped.</summary>
    public async Task<RedactedRecord?> RedactAsync(LogEntry entry, IDatabase? database = null)
    {
        database ??= _connection.Database;
        while (true)
        {
            await Redactor.FinishAsync(database, default);
            var before = (await Heads.ReadAsync(database)).Head;
            var (state, found) = await _logs.FindAsync(entry.Id, default);
            if (state == IdState.Dropped) return null;
            var verdict = EntryVerification.Of(entry.Id, found.Stored.Record.Span, found.Side, Some.Hasher);
            Assert.That(verdict.Error, Is.Null);
            var record = new RedactedRecord(verdict.Leaf!);
            if (verdict.Redacted) return record;
            var redaction = new Redaction
            {
                Entry = entry,
                Sequence = found.Stored.Sequence,
                Length = found.Stored.Record.Length,
                Record = record,
                By = UserId.Create("officer"),
                Reason = "she \"asked\" for it",
            };
            switch (await Redactor.BeginAsync(database, redaction, before))
            {
                case RedactionOutcome.Done:
                    await Redactor.FinishAsync(database, default);
                    return record;
                case RedactionOutcome.Dropped:
                    return null;
            }
        }
    }

    /// <summary>Has the store say that all its entries are in the published tree.</summary>
    public async Task NotePublishedAsync()
    {
        var head = await _connection.Database.HashGetAsync(_connection.Keys.Head, ["epoch", "next"]);
        await _connection.Database.HashSetAsync(
            _connection.Keys.Tree, [new HashEntry("epoch", head[0]), new HashEntry("size", head[1])]);
    }

    /// <summary>Drops all that is due, without the lease.</summary>
    public async Task DropAsync(IDatabase? database = null)
    {
        await NotePublishedAsync();
        database ??= _connection.Database;
        while (await Retention.StepAsync(database, await Heads.ReadAsync(database), default))
        {
            // As the loop of the keeper would.
        }
    }
}
