using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Domain.Verification;

namespace LogApi.Domain.Tests.Verification;

public sealed class EntryVerificationTests
{
    [Test]
    public void Of_AnyUnchangedRecord_IsValidWithItsToken() => EntryGen.Entry.Sample(entry =>
    {
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), Tag(entry), EntryGen.Hasher);
        return verdict.Valid && verdict.Error is null && verdict.Token == EntryGen.Hasher.VerificationToken(entry.Id, entry.Hash);
    });

    [Test]
    public void Of_EveryOtherValueOfEveryByte_IsInvalidWithAReason()
    {
        var entry = Some("u", "q\"\\\n|ż🙂", "OK");
        var record = EntryRecord.Encode(entry);
        for (var position = 0; position < record.Length; position++)
        {
            var original = record[position];
            for (var change = 1; change < 256; change++)
            {
                record[position] = (byte)(original ^ change);
                AssertInvalid(entry, record, $"byte {position} from {original} to {record[position]}");
            }

            record[position] = original;
        }

        Assert.That(EntryVerification.Of(entry.Id, record, Tag(entry), EntryGen.Hasher).Valid, Is.True, "the record itself");
    }

    [Test]
    public void Of_AnyEntryWithOneByteChangedAddedOrRemoved_IsInvalidWithAReason() =>
        Gen.Select(EntryGen.Entry, Gen.Byte, Gen.Byte[1, 255]).Sample((entry, added, change) =>
        {
            var record = EntryRecord.Encode(entry);
            for (var position = 0; position < record.Length; position++)
            {
                var changed = record.ToArray();
                changed[position] ^= change;
                AssertInvalid(entry, changed, $"byte {position} changed");
                AssertInvalid(entry, [.. record[..position], added, .. record[position..]], $"byte {position} added");
                AssertInvalid(entry, [.. record[..position], .. record[(position + 1)..]], $"byte {position} removed");
            }

            AssertInvalid(entry, [.. record, added], "byte added at the end");
        }, iter: 20);

    [Test]
    public void Of_RecordOfAnotherEntry_SaysWhichOneItIs()
    {
        var (mine, other) = (Some("u", "q", "OK"), Some("u", "q", "OK"));
        var verdict = EntryVerification.Of(mine.Id, EntryRecord.Encode(other), Tag(mine), EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Error, Does.Contain(other.Id.ToString()));
    }

    [Test]
    public void Of_RecordThatIsGone_SaysSo()
    {
        var verdict = EntryVerification.Of(Some("u", "q", "OK").Id, [], default, EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Token, Is.Null);
        Assert.That(verdict.Error, Does.Contain("gone"));
    }

    [Test]
    public void Of_WellFormedRecordWithAnotherField_SaysTheHashDiffers()
    {
        var entry = Some("u", "q", "SUCCESS");
        var record = System.Text.Encoding.UTF8.GetString(EntryRecord.Encode(entry));
        var edited = record.Replace("SUCCESS", "FAILURE", StringComparison.Ordinal);
        var verdict = EntryVerification.Of(entry.Id, System.Text.Encoding.UTF8.GetBytes(edited), Tag(entry), EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Error, Does.Contain("hash mismatch"));
    }

    [Test]
    public void Of_ContentOfAnotherEntryUnderThisId_IsInvalid()
    {
        var (mine, other) = (Some("ada", "DROP TABLE users", "OK"), Some("bob", "SELECT 1", "OK"));
        var record = System.Text.Encoding.UTF8.GetString(EntryRecord.Encode(other))
            .Replace(other.Id.ToString(), mine.Id.ToString(), StringComparison.Ordinal);
        var verdict = EntryVerification.Of(mine.Id, System.Text.Encoding.UTF8.GetBytes(record), Tag(mine), EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Token, Is.Null);
        Assert.That(verdict.Error, Does.Contain("not what was written under it"));
    }

    [Test]
    public void Of_IdTagIsGone_IsInvalid()
    {
        var entry = Some("u", "q", "OK");
        Assert.That(EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), default, EntryGen.Hasher).Valid, Is.False);
    }

    [Test]
    public void Of_AnotherSecret_IsInvalid()
    {
        var entry = Some("u", "q", "OK");
        var another = new EntryHasher("another-secret-of-at-least-32-bytes"u8);
        Assert.That(EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), Tag(entry), another).Valid, Is.False);
    }

    [Test]
    public void Of_SecretIsAPreviousOneByNow_IsValidWithTheTokenOfThatSecret() => EntryGen.Entry.Sample(entry =>
    {
        using var rotated = new EntryHasher(
            "another-secret-of-at-least-32-bytes"u8, "0123456789abcdef0123456789abcdef"u8.ToArray());
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), Side(entry), rotated);
        return verdict.Valid && verdict.Token == EntryGen.Hasher.VerificationToken(entry.Id, entry.Hash);
    });

    [Test]
    public void Of_TagWithAnotherSecretThanTheHash_IsInvalid()
    {
        var entry = Some("u", "q", "OK");
        using var rotated = new EntryHasher(
            "another-secret-of-at-least-32-bytes"u8, "0123456789abcdef0123456789abcdef"u8.ToArray());
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), rotated.Tag(entry).Bytes.ToArray(), rotated);
        Assert.That(verdict.Valid, Is.False, "nobody wrote hash and tag with different secrets");
    }

    [Test]
    public void Of_AnyUnchangedRecordWithItsSalt_HasItsLeaf() => EntryGen.Entry.Sample(entry =>
    {
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), Side(entry), EntryGen.Hasher);
        return verdict is { Valid: true, HashValid: true, Redacted: false } && verdict.Leaf == LogLeaf.Of(entry, Salt);
    });

    [Test]
    public void Of_AnotherSalt_IsValidWithAnotherLeaf()
    {
        var entry = Some("u", "q", "OK");
        byte[] side = [.. Tag(entry), .. Salt[1..], 9];
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), side, EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.True, "only the tree can tell");
        Assert.That(verdict.Leaf, Is.Not.EqualTo(LogLeaf.Of(entry, Salt)));
    }

    [TestCase(15)]
    [TestCase(17)]
    [TestCase(31)]
    [TestCase(33)]
    public void Of_SideOfAnotherLength_IsInvalidWithoutALeaf(int length)
    {
        var entry = Some("u", "q", "OK");
        byte[] side = [.. Side(entry), 0];
        var verdict = EntryVerification.Of(entry.Id, EntryRecord.Encode(entry), side.AsMemory(0, length), EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Leaf, Is.Null);
    }

    [Test]
    public void Of_RedactedRecord_IsValidWithTheEntrysLeafAndNoToken()
    {
        var leaf = LogLeaf.Of(Some("u", "q", "OK"), Salt);
        var record = new RedactedRecord(leaf);
        var verdict = EntryVerification.Of(leaf.Id, record.Encode(), EntryGen.Hasher.Tag(record).Bytes.ToArray(), EntryGen.Hasher);
        Assert.That(verdict, Has.Property("Valid").True.And.Property("Redacted").True.And.Property("HashValid").Null.And.Property("Token").Null);
        Assert.That(verdict.Leaf, Is.EqualTo(leaf));
    }

    [Test]
    public void Of_RedactedRecordWithTheEntrysTag_IsInvalid()
    {
        var entry = Some("u", "q", "OK");
        var verdict = EntryVerification.Of(
            entry.Id, new RedactedRecord(LogLeaf.Of(entry, Salt)).Encode(), Tag(entry), EntryGen.Hasher);
        Assert.That(verdict.Valid, Is.False);
        Assert.That(verdict.Error, Does.Contain("not by this service"));
    }

    [Test]
    public void Of_RedactedRecordOfAnotherEntry_IsInvalid()
    {
        var (entry, other) = (Some("u", "q", "OK"), Some("u", "q", "OK"));
        var record = new RedactedRecord(LogLeaf.Of(other, Salt));
        var verdict = EntryVerification.Of(entry.Id, record.Encode(), EntryGen.Hasher.Tag(record).Bytes.ToArray(), EntryGen.Hasher);
        Assert.That(verdict.Error, Does.Contain(other.Id.ToString()));
    }

    private static byte[] Salt { get; } = [.. Enumerable.Range(1, LogLeaf.SaltSize).Select(number => (byte)number)];

    private static byte[] Side(LogEntry entry) => EntrySide.Encode(EntryGen.Hasher.Tag(entry), Salt);

    private static byte[] Tag(LogEntry entry) =>
        EntryGen.Hasher.Tag(entry).Bytes.ToArray();

    private static LogEntry Some(string user, string query, string status) => LogEntry.Create(
        UserId.Create(user), QueryText.Create(query), LogStatus.Create(status), DateTimeOffset.UnixEpoch, EntryGen.Hasher);

    // NUnit's own assertions cost more than a verification, and this runs a hundred thousand times.
    private static void AssertInvalid(LogEntry entry, ReadOnlySpan<byte> record, string what)
    {
        var verdict = EntryVerification.Of(entry.Id, record, Tag(entry), EntryGen.Hasher);
        if (verdict.Valid || verdict.Token is not null || string.IsNullOrEmpty(verdict.Error))
            Assert.Fail($"{what} was accepted, or refused without a reason");
    }
}
