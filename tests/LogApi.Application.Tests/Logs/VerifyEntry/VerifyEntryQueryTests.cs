using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.VerifyEntry;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.VerifyEntry;

public sealed class VerifyEntryQueryTests
{
    private const int Place = 7;

    private static readonly PretendSigner Signer = new();
    private static readonly string Salt = Convert.ToBase64String(Some.Salt);

    private readonly LogEntry _entry = LogEntry.Create(
        UserId.Create("ada"), QueryText.Create("SELECT 1"), LogStatus.Create("OK"), Some.Time, Some.Hasher,
        occurredAt: LogTimestamp.From(Some.Time), attributes: LogAttributes.Create([KeyValuePair.Create("tenant", (string?)"acme")]));

    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);
    private readonly MemoryTree _tree = new(Signer);

    [SetUp]
    public void Store() => Hold(EntryRecord.Encode(_entry), Some.Side(_entry));

    [TestCase(true, "tree")]
    [TestCase(false, "store")]
    public async Task Handle_AsItWasServed_Matches(bool isPublished, string by)
    {
        if (isPublished) Publish();
        var answer = await VerifyAsync(Given());
        Assert.That((answer.Matches, answer.MatchedBy, answer.LogId), Is.EqualTo(((bool?)true, by, _entry.Id.ToString())));
        Assert.That(answer.Differences, Is.Empty);
        Assert.That((answer.Given.HashValid, answer.Given.Inclusion), Is.EqualTo(((bool?)true, isPublished ? "included" : "pending")));
        Assert.That((answer.Verification.Valid, answer.Verification.Inclusion), Is.EqualTo((true, isPublished ? "included" : "pending")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Handle_AnyMemberWasEdited_DoesNotMatchAndNamesIt(bool isPublished)
    {
        if (isPublished) Publish();
        var given = Given();
        var text = given.Entry;
        (string Field, VerifyEntryQuery Query)[] edited =
        [
            ("user_id", given with { Entry = text with { UserId = "eve" } }),
            ("query", given with { Entry = text with { Query = "SELECT 2" } }),
            ("status", given with { Entry = text with { Status = "not a status" } }),
            ("timestamp", given with { Entry = text with { Timestamp = "2026-03-01T12:00:00.000001Z" } }),
            ("timestamp", given with { Entry = text with { Timestamp = "2026-03-01T12:00:00Z" } }),
            ("hash", given with { Entry = text with { Hash = new string('0', 64) } }),
            ("occurred_at", given with { Entry = text with { OccurredAt = null } }),
            ("attributes.tenant", given with { Entry = text with { Attributes = null } }),
            ("attributes.tenant", given with { Entry = text with { Attributes = [KeyValuePair.Create("tenant", (string?)"other")] } }),
            ("seq", given with { Sequence = Place + 1 }),
            ("log_index", given with { LogIndex = Place - 1 }),
        ];
        foreach (var (field, query) in edited)
        {
            var answer = await VerifyAsync(query);
            Assert.That(answer.Matches, Is.False, field);
            Assert.That(answer.Differences.Select(difference => difference.Field), Is.EqualTo([field]));
            Assert.That(answer.Differences[0].Given, Is.Not.EqualTo(answer.Differences[0].Stored));
            Assert.That(answer.Given.HashValid, Is.EqualTo(field is not ("user_id" or "query" or "status" or "timestamp" or "hash")), field);
            Assert.That(answer.Verification.Valid, Is.True, "what is stored is right");
        }
    }

    [Test]
    public async Task Handle_OtherSalt_IsNotTheLeafsOwn()
    {
        Publish();
        var answer = await VerifyAsync(Given() with { Salt = Convert.ToBase64String(new byte[16]) });
        Assert.That((answer.Matches, answer.Differences.Single().Field), Is.EqualTo(((bool?)false, "salt")));
        Assert.That((await VerifyAsync(Given() with { Salt = Salt })).Matches, Is.True);
    }

    [TestCase(true, "tree")]
    [TestCase(false, "store")]
    public async Task Handle_StoredEntryWasEdited_TheHoldersCopyStillMatches(bool isPublished, string by)
    {
        if (isPublished) Publish();
        var record = EntryRecord.Encode(_entry);
        record[record.AsSpan().IndexOf("SELECT"u8)] = (byte)'s';
        Hold(record, Some.Side(_entry));

        var answer = await VerifyAsync(Given());

        Assert.That((answer.Matches, answer.MatchedBy, answer.Verification.Valid), Is.EqualTo(((bool?)true, by, false)));
        var difference = answer.Differences.Single();
        Assert.That((difference.Field, difference.Given, difference.Stored), Is.EqualTo(("query", "SELECT 1", "sELECT 1")));
        Assert.That(answer.Explanation, Does.Contain("What is stored differs"));
    }

    [Test]
    public async Task Handle_StoredRecordGone_TheHoldersCopyStillMatches()
    {
        Publish();
        Hold([], Some.Side(_entry));
        var answer = await VerifyAsync(Given());
        Assert.That((answer.Matches, answer.MatchedBy), Is.EqualTo(((bool?)true, "tree")));
        Assert.That(answer.Differences.Select(difference => difference.Stored), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task Handle_ForgedWithTheSecret_TheTreeDoesNotTakeIt()
    {
        Publish();
        var forged = LogEntry.Create(_entry.UserId, QueryText.Create("SELECT 2"), _entry.Status, Some.Time, Some.Hasher, id: _entry.Id);
        Hold(EntryRecord.Encode(forged), Some.Side(forged));

        var answer = await VerifyAsync(Given(forged));
        var honest = await VerifyAsync(Given() with { Salt = Salt });

        Assert.That((answer.Matches, answer.Verification.Valid), Is.EqualTo(((bool?)null, false)), "the salt could have been changed instead");
        Assert.That((honest.Matches, honest.MatchedBy), Is.EqualTo(((bool?)true, "tree")));
        Assert.That((await VerifyAsync(Given(forged) with { Salt = Salt })).Matches, Is.False);
    }

    [Test]
    public async Task Handle_SaltWasEdited_TheHoldersOwnTells()
    {
        Publish();
        byte[] side = [.. Some.Side(_entry)];
        side[^1] ^= 1;
        Hold(EntryRecord.Encode(_entry), side);
        Assert.That((await VerifyAsync(Given())).Matches, Is.Null);
        Assert.That((await VerifyAsync(Given() with { Salt = Salt })).Matches, Is.True);
    }

    [Test]
    public async Task Handle_Redacted_IsComparedWithTheCommitment()
    {
        var redacted = Redact();
        Publish();

        Assert.That((await VerifyAsync(Given())).Matches, Is.Null, "without a salt nothing is left that could tell");
        var (right, wrong) = (
            await VerifyAsync(Given() with { Salt = Salt }),
            await VerifyAsync(Given() with { Salt = Salt, Entry = Given().Entry with { Query = "SELECT 2" } }));
        var kept = await VerifyAsync(new VerifyEntryQuery(new EntryText { Id = _entry.Id.ToString(), Timestamp = _entry.Timestamp.Text })
        {
            Redacted = true,
            Commitment = redacted.Leaf.Commitment.ToString(),
        });

        Assert.That((right.Matches, right.MatchedBy), Is.EqualTo(((bool?)true, "tree")));
        Assert.That((wrong.Matches, wrong.MatchedBy), Is.EqualTo(((bool?)false, "commitment")));
        Assert.That((kept.Matches, kept.MatchedBy, kept.Verification.Redacted), Is.EqualTo(((bool?)true, "tree", true)));
        Assert.That(right.Differences, Is.Empty);
    }

    [Test]
    public async Task Handle_RedactedAndNotInTheTreeYet_IsComparedWithTheCommitment()
    {
        Redact();
        var answer = await VerifyAsync(Given() with { Salt = Salt });
        Assert.That((answer.Matches, answer.MatchedBy), Is.EqualTo(((bool?)true, "commitment")));
    }

    [Test]
    public async Task Handle_NotStoredAnyMore_TheTreeStillTells()
    {
        Publish();
        foreach (var (state, error) in new[] { (IdLookup.Dropped, typeof(EntryDroppedError)), (IdLookup.NeverStored, typeof(NotFoundError)) })
        {
            _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(state);

            Assert.That((await RunAsync(Given())).Error, Is.TypeOf(error));
            Assert.That((await RunAsync(Given() with { LogIndex = Place })).Error, Is.TypeOf(error));
            Assert.That((await RunAsync(Given() with { LogIndex = Place + 1, Salt = Salt })).Error, Is.TypeOf(error));
            Assert.That((await RunAsync(Given() with { LogIndex = 5_000, Salt = Salt })).Error, Is.TypeOf(error));
            var answer = await VerifyAsync(Given() with { LogIndex = Place, Salt = Salt });
            Assert.That((answer.Matches, answer.MatchedBy, answer.Verification.Valid), Is.EqualTo(((bool?)true, "tree", false)));
            Assert.That(answer.Verification.Error, Does.Contain(state.State == IdState.Dropped ? "retention" : "removed"));
        }
    }

    [Test]
    public async Task Handle_TreeDamaged_TheSecretTells()
    {
        Publish();
        _tree.Read = (_, _) => [];
        var answer = await VerifyAsync(Given());
        Assert.That((answer.Matches, answer.MatchedBy, answer.Given.Inclusion), Is.EqualTo(((bool?)true, "store", "failed")));
        Assert.That(answer.Explanation, Does.Contain("missing"));
    }

    [Test]
    public void Validate_NoEntryInForm_NamesEachField()
    {
        var failures = new VerifyEntryQueryValidator().Validate(
            new VerifyEntryQuery(new EntryText { Id = "x" }) { Salt = "AAAA", Commitment = "x", Sequence = -1, LogIndex = -1 }).ToDictionary();
        Assert.That(failures.Keys, Is.EquivalentTo(["id", "timestamp", "user_id", "query", "status", "hash", "salt", "commitment", "seq", "log_index"]));

        var redacted = new VerifyEntryQuery(new EntryText { Id = _entry.Id.ToString(), Timestamp = "x" }) { Redacted = true };
        Assert.That(new VerifyEntryQueryValidator().Validate(redacted).IsValid, Is.True);
    }

    private static VerifyEntryQuery Given(LogEntry entry) => new(new EntryText
    {
        Id = entry.Id.ToString(),
        UserId = entry.UserId.Value,
        Query = entry.Query.Value,
        Status = entry.Status.Value,
        Timestamp = entry.Timestamp.Text,
        Hash = entry.Hash.Hex,
        OccurredAt = entry.OccurredAt?.Text,
        Attributes = [.. entry.Attributes.Pairs.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))],
    });

    private VerifyEntryQuery Given() => Given(_entry);

    private void Publish() => _tree.Publish(Enumerable.Range(0, 300).Select(i => i == Place ? _entry : Some.Entry()));

    private RedactedRecord Redact()
    {
        var redacted = new RedactedRecord(LogLeaf.Of(_entry, Some.Salt));
        Hold(redacted.Encode(), Some.Hasher.Tag(redacted).Bytes.ToArray());
        return redacted;
    }

    private void Hold(byte[] record, byte[] side) => _logs
        .Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>()))
        .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(Place, record), side)));

    private Task<Result<VerifyEntryResponse>> RunAsync(VerifyEntryQuery query) =>
        new VerifyEntryQueryHandler(_logs.Object, Some.Hasher, new LogTree(_tree, Signer)).Handle(query, CancellationToken.None);

    private async Task<VerifyEntryResponse> VerifyAsync(VerifyEntryQuery query) =>
        (await RunAsync(query)).TryGet(out var answer, out var error) ? answer : throw new AssertionException(error.ToString());
}
