using System.Text;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Audit;
using LogApi.Infrastructure.Redis.Idempotency;
using LogApi.Infrastructure.Redis.Keeping;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Infrastructure.Redis.Sessions;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Redis.Audit;

/// <summary>
/// A log with some of each kind of key, and an older copy of itself: 1,200 entries when the copy was made and 1,700 now, of which
/// 256 were dropped and one in a sealed bundle was redacted since; five bundles are sealed.
/// </summary>
internal sealed class TamperedLog : IAsyncDisposable
{
    public const int Redacted = 300;

    /// <summary>The requests that the store remembers.</summary>
    public static readonly IReadOnlyList<string> RequestNames = ["first", "second"];

    private readonly StoreFixture _store;
    private readonly List<byte[]> _droppedSides = [];
    private readonly Dictionary<string, string> _checkpoints = new(StringComparer.Ordinal);
    private StoreCopy? _whole;
    private byte[] _swapped = [];

    private TamperedLog(StoreFixture store, LogProcess process)
    {
        (_store, Process) = (store, process);
        Log = new KeptLog(process);
        Audit = new AuditPart(process, new AuditOptions { Settle = TimeSpan.FromMilliseconds(1) }, folder: WitnessFolder);
        Tree = NewTree(Folder);
        Witness = NewTree(WitnessFolder);
        Audits = new AuditStore(process.Connection, Audit.Auditor.Seal, new AuditOptions());
        Sessions = new RedisSessionStore(
            process.Connection, store.Durability, new SessionCache(new SessionCacheOptions { Seconds = 0 }, TimeProvider.System), Some.Hasher,
            NullLogger<RedisSessionStore>.Instance);
        Requests = new RedisIdempotencyStore(
            process.Connection, new IdempotencyOptions(), Some.Hasher, TimeProvider.System, NullLogger<RedisIdempotencyStore>.Instance);
    }

    public LogProcess Process { get; }

    public KeptLog Log { get; }

    public AuditPart Audit { get; }

    public TreePart Tree { get; private set; }

    public AuditStore Audits { get; }

    public RedisSessionStore Sessions { get; }

    public RedisIdempotencyStore Requests { get; }

    public TempDirectory Folder { get; } = new();

    /// <summary>Another process, which has seen the newest checkpoint published.</summary>
    public TreePart Witness { get; private set; }

    /// <summary>That one's data folder.</summary>
    public TempDirectory WitnessFolder { get; } = new();

    /// <summary>What the store held when the log had 1,200 entries.</summary>
    public StoreCopy Older { get; private set; } = null!;

    public IDatabase Db => Process.Connection.Database;

    public RedisKeys Keys => Process.Connection.Keys;

    /// <summary>The audit that the store remembers, and another one.</summary>
    public IReadOnlyList<AuditRecord> Remembered { get; private set; } = [];

    public SessionToken AdasToken { get; } = SessionToken.New();

    public SessionToken EvesToken { get; } = SessionToken.New();

    public static async Task<TamperedLog> StartAsync(StoreKind kind)
    {
        var store = await StoreFixture.StartPatientAsync(kind);
        var log = new TamperedLog(store, await LogProcess.StartAsync(store));
        await log.FillAsync();
        return log;
    }

    /// <summary>Puts everything as it was.</summary>
    public async Task RestoreAsync()
    {
        await _whole!.RestoreAsync();
        Process.Connection.IntegrityRefusal = null;
        Tree.Dispose();
        Witness.Dispose();
        foreach (var folder in new[] { Folder, WitnessFolder }) Directory.Delete(Path.Combine(folder.Path, "checkpoints"), recursive: true);
        foreach (var (file, text) in _checkpoints)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        Tree = NewTree(Folder);
        Witness = NewTree(WitnessFolder);
    }

    /// <summary>Puts the older copy of one key in its place.</summary>
    public Task RestoreOlderAsync(RedisKey key) => Older.RestoreAsync(key);

    /// <summary>Reads a sealed bundle.</summary>
    public async Task<SealedBundle> ReadSealedAsync(long bundle) => (await Process.Sealed.Store.FindAsync(Db, bundle))!;

    /// <summary>Changes entries of a sealed bundle as one would who knows its form.</summary>
    public async Task EditSealedAsync(long bundle, Action<SealedEntry[]> edit)
    {
        var content = await ReadSealedAsync(bundle);
        var entries = new SealedEntry[content.Count];
        for (var place = 0; place < entries.Length; place++)
        {
            var id = new byte[16];
            entries[place] = new SealedEntry(content.RecordAt(place).ToArray(), content.TryGetId(place, id) ? id : null, content.SideAt(place).ToArray());
        }

        edit(entries);
        await Db.StringSetAsync(Keys.Sealed(bundle), BundleEncoder.Encode(entries));
    }

    /// <summary>Splits a sealed bundle into two parts, as the service does with one that is large, and gives their keys.</summary>
    public async Task<(RedisKey First, RedisKey Second)> SplitAsync(long bundle)
    {
        var blob = (byte[])(await Db.StringGetAsync(Keys.Sealed(bundle)))!;
        var writing = Guid.NewGuid();
        byte[] mark = [0, 2, .. writing.ToByteArray(bigEndian: true)];
        var parts = (Keys.SealedPart(bundle, writing, 1), Keys.SealedPart(bundle, writing, 2));
        await Db.StringSetAsync(parts.Item1, blob[..(blob.Length / 2)]);
        await Db.StringSetAsync(parts.Item2, blob[(blob.Length / 2)..]);
        await Db.SetAddAsync(Keys.Parts(bundle), mark);
        await Db.StringSetAsync(Keys.Sealed(bundle), mark);
        return parts;
    }

    /// <summary>Changes a string value.</summary>
    public async Task EditAsync(RedisKey key, Func<byte[], byte[]> edit)
    {
        var value = (byte[]?)await Db.StringGetAsync(key);
        Assert.That(value, Is.Not.Null.And.Not.Empty, $"{key} is there");
        var edited = edit(value!);
        Assert.That(edited, Is.Not.EqualTo(value));
        await Db.StringSetAsync(key, edited);
    }

    /// <summary>Changes a field.</summary>
    public async Task EditAsync(RedisKey key, RedisValue field, Func<byte[], byte[]> edit)
    {
        var value = (byte[]?)await Db.HashGetAsync(key, field);
        Assert.That(value, Is.Not.Null.And.Not.Empty, $"{key} {field} is there");
        await Db.HashSetAsync(key, field, edit([.. value!]));
    }

    /// <summary>Deletes a key that is there.</summary>
    public async Task DeleteAsync(RedisKey key) => Assert.That(await Db.KeyDeleteAsync(key), Is.True, $"{key} was there");

    /// <summary>Swaps the values of two keys.</summary>
    public async Task SwapAsync(RedisKey one, RedisKey other)
    {
        var temporary = (RedisKey)(Keys.Prefix + "swap");
        await Db.KeyRenameAsync(one, temporary);
        await Db.KeyRenameAsync(other, one);
        await Db.KeyRenameAsync(temporary, other);
    }

    /// <summary>Swaps the values of two fields.</summary>
    public async Task SwapAsync(RedisKey key, RedisValue one, RedisKey otherKey, RedisValue other)
    {
        var (first, second) = (await Db.HashGetAsync(key, one), await Db.HashGetAsync(otherKey, other));
        Assert.That(first.IsNull || second.IsNull, Is.False);
        await Db.HashSetAsync(key, one, second);
        await Db.HashSetAsync(otherKey, other, first);
    }

    /// <summary>Changes a record of the hot part.</summary>
    public async Task EditHotAsync(int sequence, Func<byte[], byte[]> edit)
    {
        var (bundle, place) = (sequence / 256, sequence % 256);
        var record = (byte[])(await Db.ListGetByIndexAsync(Keys.Entries(bundle), place))!;
        await Db.ListSetByIndexAsync(Keys.Entries(bundle), place, edit(record));
    }

    /// <summary>Swaps two records of the hot part.</summary>
    public async Task SwapHotAsync(int one, int other)
    {
        var second = (byte[])(await Db.ListGetByIndexAsync(Keys.Entries(other / 256), other % 256))!;
        await EditHotAsync(one, first =>
        {
            _swapped = first;
            return second;
        });
        await EditHotAsync(other, _ => _swapped);
    }

    /// <summary>Gives what stood beside the id of a dropped entry.</summary>
    public byte[] SideOfDropped(int sequence) => _droppedSides[sequence];

    /// <summary>Gives the key of a full tile of the lowest level.</summary>
    public RedisKey TileKey(long index) => Keys.Tile(AuditPart.Signer.Key.Name, 0, index);

    /// <summary>Stores an entry at the end as the service would, under the id that it had before, and signs the log.</summary>
    public async Task ReplayAsync(int sequence, byte[] side)
    {
        var (entry, record) = Log.Entries[sequence];
        var next = (long)await Db.HashGetAsync(Keys.Head, "next");
        await Db.ListRightPushAsync(Keys.Entries(next / 256), record);
        await Db.ListRightPushAsync(Keys.User(entry.UserId.Value), next);
        await Db.HashSetAsync(Keys.Ids, IdOf(sequence), (byte[])[.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{next}:")), .. side]);
        await Db.SortedSetIncrementAsync(Keys.Users, entry.UserId.Value, 1);
        foreach (var (field, amount) in new[] { ("next", 1L), ("entries", 1), ("bytes", record.Length), ("s:" + entry.Status.Value, 1) })
            await Db.HashIncrementAsync(Keys.Head, field, amount);
        await Tree.PublishAsync();
    }

    /// <summary>Gives the id of an entry, 16 bytes.</summary>
    public byte[] IdOf(int sequence) => Log.Entries[sequence].Entry.Id.Value.ToByteArray(bigEndian: true);

    /// <summary>Gives entries of the sealed bundles that are kept whose ids don't tell their time.</summary>
    public IEnumerable<int> Others() => Enumerable.Range(256, 1_024).Where(i => i != Redacted && (i % 97 == 0 || i % 89 == 0));

    /// <summary>Gives the key that has the row of an entry's id.</summary>
    public RedisKey BucketOf(int sequence) => Keys.SealedIds(new IdFingerprint(IdOf(sequence)).Bucket);

    public async ValueTask DisposeAsync()
    {
        Tree.Dispose();
        Witness.Dispose();
        await Process.DisposeAsync();
        await _store.DisposeAsync();
        await Folder.DisposeAsync();
        await WitnessFolder.DisposeAsync();
    }

    private TreePart NewTree(TempDirectory folder) =>
        new(_store, Process, folder, new Infrastructure.Redis.Tree.IntegratorOptions { IntervalMilliseconds = 0 });

    private async Task FillAsync()
    {
        var keeper = new KeeperPart(_store, Process, new KeeperOptions { HotBundles = 1, HoldMilliseconds = 0, RetentionMaxEntries = 1_440 });
        await Log.AppendAsync(1_200);
        await keeper.SealAsync();
        await Tree.PublishAsync();
        var first = await ReadSealedAsync(0);
        for (var place = 0; place < 256; place++) _droppedSides.Add(first.SideAt(place).ToArray());
        Older = await StoreCopy.TakeAsync(Process.Connection);
        await Log.AppendAsync(500);
        await keeper.SealAsync();
        await keeper.RedactAsync(Log.Entries[Redacted].Entry);
        await Tree.PublishAsync();
        await keeper.DropAsync();
        await Tree.PublishAsync();
        await Log.FollowAsync();
        Remembered = [await AuditAsync(), await AuditAsync()];
        await RememberSessionsAsync();
        await Db.StringSetAsync(Keys.Probe, "1");

        // A copy has no time to live: nobody could take a lease that is restored.
        await Db.KeyDeleteAsync([Keys.Keeper, Keys.Integrator, Keys.Auditor]);
        await Witness.Guard.CheckAsync(Db, default);
        foreach (var folder in new[] { Folder, WitnessFolder })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(folder.Path, "checkpoints")).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
                _checkpoints[file] = await File.ReadAllTextAsync(file);
        }

        _whole = await StoreCopy.TakeAsync(Process.Connection);
    }

    private async Task RememberSessionsAsync()
    {
        await Sessions.StartAsync(AdasToken, UserId.Create("ada"), TimeSpan.FromHours(1), default);
        await Sessions.StartAsync(EvesToken, UserId.Create("eve"), TimeSpan.FromHours(1), default);
        foreach (var name in RequestNames)
        {
            await using var claim = await Requests.ClaimAsync(name, new byte[32], default);
            await claim.FinishAsync(new byte[32], Encoding.UTF8.GetBytes("outcome of " + name));
        }
    }

    private async Task<AuditRecord> AuditAsync()
    {
        var record = (await Audit.Auditor.BeginAsync(default))!;
        var (_, stored) = await Audits.BeginAsync(record, default);
        while (record.State == AuditState.Running)
        {
            record = await Audit.Auditor.StepAsync(record, AuditPace.Full(TimeProvider.System), _ => { }, default);
            stored = await Audits.SaveAsync(record, stored, default);
        }

        Assert.That(record.Findings, Is.Empty, "nothing is wrong with the log before it is changed");
        Assert.That(record.Unchecked, Is.Empty);
        return record;
    }
}
