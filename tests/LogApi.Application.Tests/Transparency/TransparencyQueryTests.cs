using System.Buffers.Binary;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Application.Transparency.GetCheckpoint;
using LogApi.Application.Transparency.GetConsistency;
using LogApi.Application.Transparency.GetEntryBundle;
using LogApi.Application.Transparency.GetProof;
using LogApi.Application.Transparency.GetTile;
using LogApi.Application.Transparency.GetTransparency;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using Moq;

namespace LogApi.Application.Tests.Transparency;

public sealed class TransparencyQueryTests
{
    private static readonly PretendSigner Signer = new();

    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private readonly MemoryTree _log = new(Signer);

    private readonly PublishedTiles _tiles;

    public TransparencyQueryTests() => _tiles = new PublishedTiles(_log, Tree);

    private LogTree Tree => new(_log, Signer);

    [Test]
    public async Task GetCheckpoint_BeforeTheFirst_IsNotFound() => Assert.That(await FailAsync(CheckpointAsync()), Is.TypeOf<NotFoundError>());

    [Test]
    public async Task Anything_NothingIsSignedAndNoCheckpointIsKnown_SaysSoInsteadOfNoneYet()
    {
        var entry = Some.Entry();
        Store(entry, 3);
        _log.Refusal = "The store has lost entries.";
        foreach (var error in new[]
        {
            await FailAsync(CheckpointAsync()), await FailAsync(TileAsync("0", "000")), await FailAsync(BundleAsync("000")),
            await FailAsync(ConsistencyAsync(1, null)), await FailAsync(ProofAsync(entry)),
        })
        {
            Assert.That((error as SigningRefusedError)?.Detail, Does.Contain("The store has lost entries"));
        }

        var verdict = await Tree.ProveAsync(3, LogLeaf.Of(entry, Some.Salt), default);
        Assert.That((verdict.Word, verdict.Problem), Is.EqualTo(("failed", verdict.Head.Problem)));
    }

    [Test]
    public async Task GetCheckpoint_Published_IsTheSignedNote()
    {
        _log.Publish(Some.Entries(3));
        Assert.That((await GetAsync(CheckpointAsync())).Note.ToString(), Is.EqualTo(_log.Stored!.Note.ToString()));
    }

    [Test]
    public async Task GetCheckpoint_NotSignedByTheKey_IsNotGivenOut()
    {
        _log.Publish(Some.Entries(3));
        var checkpoint = _log.Stored!.Checkpoint with { Size = 2 };
        _log.Stored = _log.Stored with { Checkpoint = checkpoint, Note = SignedNote.Create(checkpoint.Text, Signer.Key, new byte[64]) };
        Assert.That(await FailAsync(CheckpointAsync()), Is.TypeOf<TreeDamagedError>());
    }

    [Test]
    public async Task GetCheckpoint_SignedNoteOfAnotherTree_IsNotGivenOut()
    {
        _log.Publish(Some.Entries(3));
        _log.Stored = _log.Stored! with { Checkpoint = _log.Stored.Checkpoint with { Size = 2 } };
        Assert.That(await FailAsync(CheckpointAsync()), Is.TypeOf<TreeDamagedError>());
    }

    [TestCase("0", "000", 256)]
    [TestCase("0", "001.p/44", 44)]
    [TestCase("0", "001.p/1", 1)]
    [TestCase("0", "000.p/255", 255)]
    [TestCase("1", "000.p/1", 1)]
    public async Task GetTile_Published_IsItsHashes(string level, string path, int width)
    {
        _log.Publish(Some.Entries(300));
        Assert.That((await GetAsync(TileAsync(level, path))).Hashes.Length, Is.EqualTo(32 * width));
    }

    [TestCase("0", "001")]
    [TestCase("0", "001.p/45")]
    [TestCase("0", "002.p/1")]
    [TestCase("1", "000")]
    [TestCase("1", "000.p/2")]
    [TestCase("2", "000.p/1")]
    [TestCase("0", "000.p/0")]
    [TestCase("0", "000.p/256")]
    [TestCase("0", "000.p/01")]
    [TestCase("0", "0")]
    [TestCase("0", "x000/000")]
    [TestCase("0", "1000")]
    [TestCase("0", "-01")]
    [TestCase("0", "")]
    [TestCase("0", "x922/x337/x203/x685/x477/580")]
    [TestCase("00", "000")]
    [TestCase("8", "000.p/1")]
    [TestCase("63", "000.p/1")]
    [TestCase("64", "000.p/1")]
    [TestCase("-1", "000.p/1")]
    [TestCase("x", "000.p/1")]
    public async Task GetTile_NotPublishedOrNoAddress_IsNotFound(string level, string path)
    {
        _log.Publish(Some.Entries(300));
        Assert.That(await FailAsync(TileAsync(level, path)), Is.TypeOf<NotFoundError>());
    }

    [Test]
    public async Task GetTile_NewerThanThisProcessHasHeardOf_IsThere()
    {
        _log.Publish(Some.Entries(300));
        _log.Latest = null;
        Assert.That((await GetAsync(TileAsync("0", "001.p/44"))).Hashes.Length, Is.EqualTo(32 * 44));
    }

    [Test]
    public async Task GetTile_GoneFromTheStore_NamesIt()
    {
        _log.Publish(Some.Entries(300));
        _log.Read = (_, _) => [];
        var error = await FailAsync(TileAsync("0", "000"));
        Assert.That((error as TreeDamagedError)?.Detail, Does.Contain("0/000"));
    }

    [Test]
    public async Task GetTile_AnyTileChanged_IsNotGivenOut([Values] bool isKnown)
    {
        _log.PublishLost(70_000);
        (string Level, string Path)[] published =
            [("0", "000"), ("0", "255"), ("0", "272"), ("0", "273.p/112"), ("0", "273.p/1"), ("1", "000"), ("1", "001.p/17"), ("2", "000.p/1")];
        foreach (var (level, path) in published)
        {
            // What was given out before is known; what is read the first time must be found out.
            var tiles = new PublishedTiles(_log, Tree);
            if (isKnown) await GetAsync(TileAsync(level, path, tiles));
            _log.Read = (tile, hashes) => tile.Level == level[0] - '0' ? [(byte)(hashes[0] ^ 1), .. hashes[1..]] : hashes;

            var error = await FailAsync(TileAsync(level, path, tiles));

            Assert.That((error as TreeDamagedError)?.Detail, Does.Contain($"{level}/{path}"));
            _log.Read = (_, hashes) => hashes;
            Assert.That((await GetAsync(TileAsync(level, path, tiles))).Hashes.IsEmpty, Is.False, "what was wrong is not kept");
        }
    }

    [Test]
    public async Task GetTile_TreeGrew_IsStillGivenOut()
    {
        for (var size = 250; size <= 770; size += 13)
        {
            _log.Publish(Some.Entries(size == 250 ? 250 : 13));
            foreach (var path in new[] { "000.p/250", "000.p/3" }) Assert.That((await GetAsync(TileAsync("0", path))).Hashes.IsEmpty, Is.False);
            for (var index = 0; index < size / 256; index++) Assert.That((await GetAsync(TileAsync("0", $"00{index}"))).Hashes.Length, Is.EqualTo(8192));
        }
    }

    [Test]
    public async Task GetTile_TilesOfAWholeLevel_TakeOneReadEach()
    {
        _log.PublishLost(70_000);
        await GetAsync(TileAsync("0", "000"));
        var before = _log.Reads;
        for (var index = 1; index < 256; index++) await GetAsync(TileAsync("0", $"{index:000}"));
        Assert.That(_log.Reads - before, Is.EqualTo(255));
    }

    [Test]
    public async Task GetEntryBundle_EntryAndTileChangedAlike_IsNotGivenOut()
    {
        _log.Publish(Some.Entries(300));
        _log.Leaves[3] = LogLeaf.Of(Some.Entry(), Some.Salt);
        _log.Read = (tile, hashes) =>
        {
            if (tile.Level == 0 && tile.Index == 0) TreeHash.OfLeaf(_log.Leaves[3]!.Encode()).CopyTo(hashes.AsSpan(3 * TreeHash.Size));
            return hashes;
        };
        Assert.That(await FailAsync(BundleAsync("000")), Is.TypeOf<TreeDamagedError>());
    }

    [Test]
    public async Task GetEntryBundle_Published_HasTheLeavesOfItsTile()
    {
        var entries = Some.Entries(300);
        _log.Publish(entries);
        var bytes = (await GetAsync(BundleAsync("001.p/44"))).Bytes;

        for (var i = 256; i < 300; i++)
        {
            var leaf = LogLeaf.Of(entries[i], Some.Salt).Encode();
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(bytes.Span), Is.EqualTo(leaf.Length));
            Assert.That(bytes[2..(2 + leaf.Length)].ToArray(), Is.EqualTo(leaf));
            bytes = bytes[(2 + leaf.Length)..];
        }

        Assert.That(bytes.IsEmpty, Is.True);
    }

    [TestCase("001")]
    [TestCase("001.p/45")]
    [TestCase("01")]
    public async Task GetEntryBundle_NotPublished_IsNotFound(string path)
    {
        _log.Publish(Some.Entries(300));
        Assert.That(await FailAsync(BundleAsync(path)), Is.TypeOf<NotFoundError>());
    }

    [Test]
    public async Task GetEntryBundle_ChangedAndMissingEntries_AreNamedAndNothingIsGivenOut()
    {
        _log.Publish(Some.Entries(300));
        _log.Leaves[3] = null;
        _log.Leaves[200] = LogLeaf.Of(Some.Entry(), Some.Salt);
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 300));

        var error = await FailAsync(BundleAsync("000"));

        Assert.That((error as EntryDamagedError)?.Detail, Does.Contain("entries 3, 200"));
        Assert.That((await GetAsync(BundleAsync("000.p/3"))).Bytes.IsEmpty, Is.False, "those before are right");
    }

    [Test]
    public async Task GetEntryBundle_LostBeforeTheLogWasStartedAnew_HasWhatStandsForIt()
    {
        _log.PublishLost(1);
        _log.Publish(Some.Entries(1));
        byte[] lost = [.. "logapi/v1/lost\n0\n"u8];

        var bytes = (await GetAsync(BundleAsync("000.p/2"))).Bytes.ToArray();

        Assert.That(bytes[2..(2 + lost.Length)], Is.EqualTo(lost));
    }

    [Test]
    public async Task GetEntryBundle_DroppedByRetention_IsNotFoundAndSaysWhy()
    {
        _log.Publish(Some.Entries(300));
        for (var i = 0; i < 256; i++) _log.Leaves[i] = null;
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 300, First: 256));

        var error = await FailAsync(BundleAsync("000"));

        Assert.That((error as NotFoundError)?.Detail, Does.Contain("retention").And.Contain("0/000"));
    }

    [Test]
    public async Task GetConsistency_AnyTwoSizes_Holds()
    {
        var roots = new List<TreeHash> { TreeHash.Empty };
        for (var size = 1; size <= 40; size++)
        {
            _log.Publish(Some.Entry());
            roots.Add(_log.Stored!.Checkpoint.Root);
        }

        for (var from = 1; from <= 40; from++)
        {
            for (var to = from; to <= 40; to++)
            {
                var response = await GetAsync(ConsistencyAsync(from, to));
                var proof = response.Hashes.Select(text => TreeHash.TryParse(text, out var hash) ? hash : default).ToArray();
                Assert.That((response.From, response.To), Is.EqualTo(((long)from, (long)to)));
                Assert.That(TreeProof.IsConsistent(from, to, proof, roots[from], roots[to]), Is.True, $"{from} to {to}");
            }
        }

        Assert.That((await GetAsync(ConsistencyAsync(7, null))).To, Is.EqualTo(40));
    }

    [Test]
    public async Task GetConsistency_BeyondTheCheckpoint_NamesTheField()
    {
        _log.Publish(Some.Entries(3));
        Assert.That(((InvalidRequestError)await FailAsync(ConsistencyAsync(4, null))).Failures.Keys, Is.EqualTo(["from"]));
        Assert.That(((InvalidRequestError)await FailAsync(ConsistencyAsync(3, 4))).Failures.Keys, Is.EqualTo(["to"]));
    }

    [TestCase(null, null, "from")]
    [TestCase(0L, null, "from")]
    [TestCase(3L, 2L, "to")]
    public void GetConsistency_BrokenRule_NamesTheField(long? from, long? to, string field) => Assert.That(
        new GetConsistencyQueryValidator().Validate(new GetConsistencyQuery(from, to)).ToDictionary().Keys, Is.EqualTo([field]));

    [Test]
    public async Task GetConsistency_ChangedTile_GivesNoProof()
    {
        _log.Publish(Some.Entries(300));
        _log.Read = (tile, hashes) =>
        {
            hashes[0] ^= 1;
            return hashes;
        };
        Assert.That(await FailAsync(ConsistencyAsync(100, null)), Is.TypeOf<TreeDamagedError>());
        _log.Read = (_, _) => [];
        Assert.That(await FailAsync(ConsistencyAsync(100, null)), Is.TypeOf<TreeDamagedError>());
    }

    [Test]
    public async Task GetProof_EntryInTheTree_IsAProofOfIt()
    {
        var entries = Some.Entries(300);
        _log.Publish(entries);
        Store(entries[70], 70);

        var proof = await GetAsync(ProofAsync(entries[70]));

        var (_, size, root) = _log.Stored!.Checkpoint;
        Assert.That((proof.Size, proof.File.Index), Is.EqualTo((300L, 70L)));
        Assert.That(proof.Salt.ToArray(), Is.EqualTo(Some.Salt));
        Assert.That(TreeProof.IsIncluded(70, size, TreeHash.OfLeaf(proof.Leaf.Encode()), [.. proof.File.Hashes], root), Is.True);
        Assert.That(proof.File.Checkpoint.ToString(), Is.EqualTo(_log.Stored.Note.ToString()));
    }

    [Test]
    public async Task GetProof_NotCoveredYet_IsPending()
    {
        var entries = Some.Entries(4);
        _log.Publish(entries.Take(3));
        Store(entries[3], 3);
        Assert.That(await FailAsync(ProofAsync(entries[3])), Is.TypeOf<ProofPendingError>());
    }

    [Test]
    public async Task GetProof_EntryWasMoved_IsRefused()
    {
        var entries = Some.Entries(4);
        _log.Publish(entries);
        Store(entries[3], 2);
        Assert.That(await FailAsync(ProofAsync(entries[3])), Is.TypeOf<EntryDamagedError>());
    }

    [Test]
    public async Task GetProof_AnotherEntryUnderTheId_IsRefused()
    {
        var entries = Some.Entries(4);
        _log.Publish(entries);
        _logs.Setup(logs => logs.FindAsync(entries[3].Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(2, EntryRecord.Encode(entries[2])), Some.Side(entries[2]))));
        Assert.That(await FailAsync(ProofAsync(entries[3])), Is.TypeOf<EntryDamagedError>());
    }

    [Test]
    public async Task GetProof_Redacted_HasNoSalt()
    {
        var entries = Some.Entries(4);
        _log.Publish(entries);
        var redacted = new RedactedRecord(LogLeaf.Of(entries[1], Some.Salt));
        _logs.Setup(logs => logs.FindAsync(entries[1].Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(1, redacted.Encode()), Some.Hasher.Tag(redacted).Bytes.ToArray())));
        var proof = await GetAsync(ProofAsync(entries[1]));
        Assert.That((proof.Salt.IsEmpty, proof.Leaf), Is.EqualTo((true, redacted.Leaf)));
    }

    [Test]
    public async Task GetProof_NoSuchEntry_SaysWhy()
    {
        var entry = Some.Entry();
        _logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.NeverStored);
        Assert.That(await FailAsync(ProofAsync(entry)), Is.TypeOf<NotFoundError>());
        _logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.Dropped);
        Assert.That(await FailAsync(ProofAsync(entry)), Is.TypeOf<EntryDroppedError>());
        Assert.That(new GetProofQueryValidator().Validate(new GetProofQuery("x")).ToDictionary().Keys, Is.EqualTo(["id"]));
    }

    [Test]
    public async Task GetTransparency_Anything_SaysWhatAnAuditorNeeds()
    {
        _log.Publish(Some.Entries(3));
        var response = await TransparencyAsync();
        Assert.That((response.Origin, response.TreeSize), Is.EqualTo((Signer.Key.Name, 3L)));
        Assert.That(NoteKey.TryParse(response.Vkey, out var key) && key.Id == Signer.Key.Id, Is.True);
        Assert.That(response.Root, Is.EqualTo(_log.Stored!.Checkpoint.Root.ToString()));
        Assert.That(response.SignedAt, Is.EqualTo("2026-03-01T12:00:00.000000Z"));
        Assert.That((response.CheckpointIntervalMs, response.Retention.Days, response.Retention.MaxEntries, response.Retention.FirstSeq),
            Is.EqualTo((1000L, (int?)30, (long?)null, 2L)));
        Assert.That((response.Integrity.State, response.Integrity.Reason), Is.EqualTo(("ok", (string?)null)));
    }

    [Test]
    public async Task GetTransparency_Refused_SaysWhy()
    {
        _log.Refusal = "The store has lost entries.";
        var response = await TransparencyAsync();
        Assert.That((response.TreeSize, response.Root, response.SignedAt), Is.EqualTo((0L, (string?)null, (string?)null)));
        Assert.That((response.Integrity.State, response.Integrity.Reason), Is.EqualTo(("refused", "The store has lost entries.")));
    }

    private static async Task<T> GetAsync<T>(Task<Result<T>> asked)
        where T : notnull =>
        (await asked).TryGet(out var value, out var error) ? value : throw new AssertionException(error.ToString());

    private static async Task<Error> FailAsync<T>(Task<Result<T>> asked)
        where T : notnull =>
        (await asked).Error ?? throw new AssertionException("There is a value.");

    private Task<Result<PublishedCheckpoint>> CheckpointAsync() => new GetCheckpointQueryHandler(Tree).Handle(new GetCheckpointQuery(), default);

    private Task<Result<TileContent>> TileAsync(string level, string path, PublishedTiles? tiles = null) =>
        new GetTileQueryHandler(tiles ?? _tiles).Handle(new GetTileQuery(level, path), default);

    private Task<Result<EntryBundle>> BundleAsync(string path) =>
        new GetEntryBundleQueryHandler(_log, _logs.Object, _tiles).Handle(new GetEntryBundleQuery(path), default);

    private Task<Result<ConsistencyResponse>> ConsistencyAsync(long? from, long? to) =>
        new GetConsistencyQueryHandler(_log, Tree).Handle(new GetConsistencyQuery(from, to), default);

    private Task<Result<EntryProof>> ProofAsync(LogEntry entry) =>
        new GetProofQueryHandler(_logs.Object, Some.Hasher, Tree).Handle(new GetProofQuery(entry.Id.ToString()), default);

    private Task<TransparencyResponse> TransparencyAsync()
    {
        _logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 3, First: 2));
        var policy = new TransparencyPolicy(TimeSpan.FromSeconds(1), RetentionDays: 30, RetentionMaxEntries: 0);
        return GetAsync(new GetTransparencyQueryHandler(_log, Signer, _logs.Object, Tree, policy).Handle(new GetTransparencyQuery(), default));
    }

    private void Store(LogEntry entry, long sequence) => _logs
        .Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>()))
        .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(sequence, EntryRecord.Encode(entry)), Some.Side(entry))));
}
