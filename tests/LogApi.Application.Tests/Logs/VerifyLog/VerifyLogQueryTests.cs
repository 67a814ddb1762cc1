using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using Moq;

namespace LogApi.Application.Tests.Logs.VerifyLog;

public sealed class VerifyLogQueryTests
{
    private static readonly PretendSigner Signer = new();

    private readonly LogEntry _entry = Given.Entry();
    private readonly MemoryTree _tree = new(Signer);
    private readonly Mock<ILogRepository> _logs = new(MockBehavior.Strict);

    [Test]
    public async Task Handle_UnchangedRecord_IsValidWithItsToken()
    {
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That(verification.Valid, Is.True);
        Assert.That(verification.VerificationToken, Is.EqualTo(Given.Hasher.VerificationToken(_entry.Id, _entry.Hash).Hex));
        Assert.That(verification.Error, Is.Null);
    }

    [Test]
    public async Task Handle_ChangedRecord_IsInvalidWithAReasonAndNoToken()
    {
        var record = EntryRecord.Encode(_entry);
        record[Array.IndexOf(record, (byte)'S')] = (byte)'s';
        var verification = (await VerifyAsync(record)).Verification;
        Assert.That(verification.Valid, Is.False);
        Assert.That(verification.VerificationToken, Is.Null);
        Assert.That(verification.Error, Does.Contain("hash mismatch"));
    }

    [Test]
    public async Task Handle_RecordGone_IsInvalidNotUnknown() =>
        Assert.That((await VerifyAsync([])).Verification.Error, Does.Contain("gone"));

    [Test]
    public async Task Handle_IdNeverStored_IsNotFound()
    {
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.NeverStored);
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString()), CancellationToken.None);
        Assert.That(result.TryGet(out _, out var error), Is.False);
        Assert.That(error, Is.TypeOf<NotFoundError>());
        Assert.That(((NotFoundError)error!).Detail, Does.Contain(_entry.Id.ToString()));
    }

    [Test]
    public async Task Handle_EntryWasDropped_IsDroppedNotUnknown()
    {
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.Dropped);
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString()), CancellationToken.None);
        Assert.That(result.TryGet(out _, out var error), Is.False);
        Assert.That(error, Is.TypeOf<EntryDroppedError>());
        Assert.That(((EntryDroppedError)error!).Detail, Does.Contain(_entry.Id.ToString()));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("not-a-uuid")]
    public void Validate_NoUuid_NamesTheField(string? id)
    {
        var failures = new VerifyLogQueryValidator().Validate(new VerifyLogQuery(id)).ToDictionary();
        Assert.That(failures.Keys, Is.EqualTo(["log_id"]));
        Assert.That(failures["log_id"], Is.EqualTo([LogId.Check(id)]));
    }

    [Test]
    public async Task Handle_NoCheckpointYet_IsPendingAndValid()
    {
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That((verification.Inclusion, verification.LogIndex, verification.TreeSize), Is.EqualTo(("pending", 7L, 0L)));
        Assert.That((verification.Valid, verification.HashValid, verification.Redacted), Is.EqualTo((true, true, false)));
    }

    [Test]
    public async Task Handle_EntryInTheTree_IsIncluded()
    {
        Publish();
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That((verification.Inclusion, verification.LogIndex, verification.TreeSize), Is.EqualTo(("included", 7L, 300L)));
        Assert.That((verification.Valid, verification.Error), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public async Task Handle_OtherLeafInTheTree_IsInvalidThoughTheSecretSaysOtherwise()
    {
        Publish(other: true);
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That((verification.Inclusion, verification.Valid, verification.HashValid), Is.EqualTo(("failed", false, true)));
        Assert.That(verification.VerificationToken, Is.Null);
        Assert.That(verification.Error, Does.Contain("leaf").And.Contain("entry 7"));
    }

    [Test]
    public async Task Handle_ChangedRecord_IsToldOfByHashAndByTree()
    {
        Publish();
        var record = EntryRecord.Encode(_entry);
        record[Array.IndexOf(record, (byte)'S')] = (byte)'s';
        var verification = (await VerifyAsync(record)).Verification;
        Assert.That((verification.Inclusion, verification.Valid, verification.HashValid), Is.EqualTo(("failed", false, false)));
        Assert.That(verification.Error, Does.Contain("hash mismatch").And.Contain("leaf"));
    }

    [Test]
    public async Task Handle_RecordGone_HasNoLeafToProve()
    {
        Publish();
        var verification = (await VerifyAsync([])).Verification;
        Assert.That((verification.Inclusion, verification.Valid, verification.HashValid), Is.EqualTo(("failed", false, (bool?)null)));
        Assert.That(verification.Error, Does.Contain("makes none"));
    }

    [Test]
    public async Task Handle_ChangedTile_IsTheTreesFault()
    {
        Publish();
        _tree.Read = (tile, hashes) =>
        {
            if (tile.Level == 0 && tile.Index == 0) hashes[32 * 9] ^= 1;
            return hashes;
        };
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That((verification.Inclusion, verification.Valid), Is.EqualTo(("failed", false)));
        Assert.That(verification.Error, Does.Contain("tiles").And.Contain("do not lead to the root"));
    }

    [Test]
    public async Task Handle_MissingTile_IsNamed()
    {
        Publish();
        _tree.Read = (tile, hashes) => tile is { Level: 0, Index: 0 } ? [] : hashes;
        Assert.That((await VerifyAsync(EntryRecord.Encode(_entry))).Verification.Error, Does.Contain("0/000").And.Contain("missing"));
    }

    [Test]
    public async Task Handle_CheckpointOfAnotherKey_ProvesNothing()
    {
        Publish();
        var checkpoint = _tree.Stored!.Checkpoint;
        var forged = SignedNote.Create(checkpoint.Text, Signer.Key, new byte[64]);
        _tree.Stored = _tree.Stored with { Note = forged };
        var verification = (await VerifyAsync(EntryRecord.Encode(_entry))).Verification;
        Assert.That((verification.Inclusion, verification.Valid), Is.EqualTo(("failed", false)));
        Assert.That(verification.Error, Does.Contain("signature"));
    }

    [Test]
    public async Task Handle_Redacted_IsValidWithoutHash()
    {
        var redacted = new RedactedRecord(LogLeaf.Of(_entry, Some.Salt));
        Publish();
        var verification = (await VerifyAsync(redacted.Encode(), Given.Hasher.Tag(redacted).Bytes.ToArray())).Verification;
        Assert.That((verification.Valid, verification.HashValid, verification.Redacted), Is.EqualTo((true, (bool?)null, true)));
        Assert.That((verification.Inclusion, verification.VerificationToken), Is.EqualTo(("included", (string?)null)));
    }

    private VerifyLogQueryHandler Handler() => new(_logs.Object, Given.Hasher, new LogTree(_tree, Signer));

    private void Publish(bool other = false) =>
        _tree.Publish(Enumerable.Range(0, 300).Select(i => i == 7 && !other ? _entry : Some.Entry()));

    private async Task<VerifyLogResponse> VerifyAsync(byte[] record, byte[]? side = null)
    {
        side ??= [.. Given.Hasher.Tag(_entry).Bytes, .. Some.Salt];
        _logs.Setup(logs => logs.FindAsync(_entry.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(7, record), side)));
        var result = await Handler().Handle(new VerifyLogQuery(_entry.Id.ToString().ToUpperInvariant()), CancellationToken.None);
        Assert.That(result.TryGet(out var answer, out _), Is.True);
        Assert.That(answer!.LogId, Is.EqualTo(_entry.Id.ToString()), "the id in the form it is stored in");
        return answer;
    }
}
