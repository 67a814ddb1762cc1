using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

public sealed class LogLeafTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(0, LogLeaf.SaltSize).Select(i => (byte)i)];

    [Test]
    public void Encode_AnEntry_IsTheFourLines()
    {
        var entry = LogEntry.Create(
            UserId.Create("alice"), QueryText.Create("SELECT \"1\""), LogStatus.Create("OK"), DateTimeOffset.UnixEpoch, EntryGen.Hasher,
            attributes: LogAttributes.Create([KeyValuePair.Create("k", (string?)"v")]));
        var payload = "{\"attributes\":{\"k\":\"v\"},\"hash\":\"" + entry.Hash.Hex + "\",\"id\":\"" + entry.Id
            + "\",\"query\":\"SELECT \\\"1\\\"\",\"status\":\"OK\",\"timestamp\":\"1970-01-01T00:00:00.000000Z\",\"user_id\":\"alice\"}";
        var commitment = Convert.ToBase64String(SHA256.HashData([.. Salt, .. Encoding.UTF8.GetBytes(payload)]));

        Assert.That(Encoding.UTF8.GetString(EntryPayload.Encode(entry)), Is.EqualTo(payload));
        Assert.That(
            Encoding.UTF8.GetString(LogLeaf.Of(entry, Salt).Encode()),
            Is.EqualTo($"logapi/v1\n{entry.Id}\n1970-01-01T00:00:00.000000Z\n{commitment}\n"));
    }

    [Test]
    public void Encode_AnyPayload_HasItsMembersInTheOrderOfTheirNames() => EntryGen.Entry.Sample(entry =>
    {
        using var json = JsonDocument.Parse(EntryPayload.Encode(entry));
        var names = json.RootElement.EnumerateObject().Select(member => member.Name).ToArray();
        return names.SequenceEqual(names.Order(StringComparer.Ordinal));
    });

    [Test]
    public void TryDecode_AnyLeaf_IsTheSame() => EntryGen.Entry.Sample(entry =>
    {
        var leaf = LogLeaf.Of(entry, Salt);
        return LogLeaf.TryDecode(leaf.Encode(), out var decoded) && decoded == leaf;
    });

    [Test]
    public void TryDecode_AnyByteChanged_IsAnotherLeafOrNone() => Gen.Select(EntryGen.Entry, Gen.Byte[1, 255]).Sample((entry, change) =>
    {
        var leaf = LogLeaf.Of(entry, Salt);
        var data = leaf.Encode();
        for (var i = 0; i < data.Length; i++)
        {
            data[i] ^= change;
            if (LogLeaf.TryDecode(data, out var decoded) && decoded == leaf) return false;
            data[i] ^= change;
        }

        return true;
    });

    [Test]
    public void Of_AnotherSalt_CommitsToOtherBytes() => EntryGen.Entry.Sample(entry =>
        LogLeaf.Of(entry, Salt).Commitment != LogLeaf.Of(entry, new byte[LogLeaf.SaltSize]).Commitment);

    [Test]
    public void Bundle_TwoLeaves_HasTheirLengthsBeforeThem() =>
        Assert.That(LogLeaf.Bundle(["ab"u8.ToArray(), new byte[256]])[..6], Is.EqualTo(new byte[] { 0, 2, (byte)'a', (byte)'b', 1, 0 }));
}
