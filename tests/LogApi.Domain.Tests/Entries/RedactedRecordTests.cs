using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Entries;

public sealed class RedactedRecordTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(0, LogLeaf.SaltSize).Select(i => (byte)i)];

    [Test]
    public void TryDecode_WhatEncodeGives_IsTheSame() => EntryGen.Entry.Sample(entry =>
    {
        var record = new RedactedRecord(LogLeaf.Of(entry, Salt));
        return RedactedRecord.TryDecode(record.Encode(), out var decoded) && decoded == record;
    });

    [Test]
    public void TryDecode_AnyOtherByte_IsNotTheSame()
    {
        var record = new RedactedRecord(LogLeaf.Of(Some(), Salt));
        var bytes = record.Encode();
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var bit in Enumerable.Range(0, 8))
            {
                bytes[i] ^= (byte)(1 << bit);
                Assert.That(RedactedRecord.TryDecode(bytes, out var decoded) && decoded == record, Is.False, $"bit {bit} of byte {i}");
                bytes[i] ^= (byte)(1 << bit);
            }
        }
    }

    [Test]
    public void TryDecode_AnEntry_Fails() => EntryGen.Entry.Sample(entry => !RedactedRecord.TryDecode(EntryRecord.Encode(entry), out _));

    [Test]
    public void TryDecode_AnyBytes_DoesNotThrow() => Gen.Byte.Array[0, 300].Sample(bytes => !RedactedRecord.TryDecode(bytes, out _));

    [Test]
    public void Encode_SomeEntry_HasNothingOfItsContent()
    {
        var entry = Some();
        var text = Encoding.ASCII.GetString(new RedactedRecord(LogLeaf.Of(entry, Salt)).Encode());
        Assert.That(text, Does.StartWith($"{{\"id\":\"{entry.Id}\",\"timestamp\":\"{entry.Timestamp}\",\"redacted\":true,\"commitment\":\""));
        Assert.That(text, Does.Not.Contain("somebody").And.Not.Contain("SELECT").And.Not.Contain("FAILED").And.Not.Contain(entry.Hash.Hex));
    }

    private static LogEntry Some() => LogEntry.Create(
        UserId.Create("somebody"), QueryText.Create("SELECT 1"), LogStatus.Create("FAILED"), DateTimeOffset.UnixEpoch, EntryGen.Hasher);
}
