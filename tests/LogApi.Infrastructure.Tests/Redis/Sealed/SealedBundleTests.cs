using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Sealed;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Sealed;

[Parallelizable(ParallelScope.All)]
public sealed class SealedBundleTests
{
    private static readonly Gen<byte[]> AnyBytes = Gen.Byte.Array[0, 400];

    // Mostly what the service writes, with what an intruder may have left of it in between.
    private static readonly Gen<SealedEntry> Entry = Gen.Select(
        Gen.String[1, 40].Where(text => QueryText.Check(text) is null), Gen.Long[0, 4_000_000_000_000_000], Gen.Int[0, 11], AnyBytes)
        .Select((query, micros, fate, noise) => Make(query, micros, fate, noise));

    [Test]
    public void Decode_AnyEntries_GivesTheirExactBytes() =>
        Entry.List[0, 256].Sample(entries => AssertSame(entries, BundleEncoder.Encode(entries)), iter: 300);

    [Test]
    public void Decode_AnyByteStrings_GivesThemExactly() =>
        Gen.Select(AnyBytes, Gen.Byte.Array[16].Null(), Gen.Byte.Array[0, 300]).Select((record, id, side) => new SealedEntry(record, id, side))
            .List[0, 256].Sample(entries => AssertSame(entries, BundleEncoder.Encode(entries)), iter: 300);

    [Test]
    public void Decode_RecordsOfTheService_GivesTheirPartsAndKeepsThemSmall()
    {
        var entries = Enumerable.Range(0, 256).Select(i => Some.Entry($"user-{i % 9}", time: Some.Time.AddMilliseconds(i))).ToList();
        var blob = BundleEncoder.Encode([.. entries.Select(Seal)]);

        var bundle = SealedBundle.Decode(blob);

        for (var i = 0; i < entries.Count; i++)
        {
            Assert.That(bundle.TryGetFields(i, out var fields));
            Assert.That(Encoding.UTF8.GetString(fields.User), Is.EqualTo(entries[i].UserId.Value));
            Assert.That(Encoding.UTF8.GetString(fields.Query), Is.EqualTo(entries[i].Query.Value));
            Assert.That(Encoding.UTF8.GetString(fields.Status), Is.EqualTo(entries[i].Status.Value));
            Assert.That(fields.Micros, Is.EqualTo((entries[i].Timestamp.Utc - DateTime.UnixEpoch).Ticks / 10));
            Assert.That(bundle.IsLocatable(i));
            Assert.That(bundle.Find(entries[i].Id.Value.ToByteArray(bigEndian: true)), Is.EqualTo(i));
        }

        Assert.That(bundle.Find(Guid.NewGuid().ToByteArray()), Is.EqualTo(-1));
        Assert.That(blob, Has.Length.LessThan(256 * 80));
    }

    [Test]
    public void Encode_SameEntries_GivesTheSameBytes()
    {
        var entries = Some.Entries(256).Select(Seal).ToList();

        var (first, second) = (BundleEncoder.Encode(entries), BundleEncoder.Encode(entries));

        Assert.That(first, Is.EqualTo(second));
    }

    [Test]
    public void Decode_AnyOtherBytes_IsRefusedOrIsABundle()
    {
        var blob = BundleEncoder.Encode([.. Some.Entries(20).Select(Seal), new SealedEntry(new byte[] { 1 }, null, default)]);
        Gen.Select(Gen.Int[0, blob.Length - 1], Gen.Byte, Gen.Int[0, blob.Length], Gen.Bool).Sample((at, value, length, cut) =>
        {
            var damaged = cut ? blob[..length] : [.. blob];
            if (!cut) damaged[at] = value;
            try
            {
                var bundle = SealedBundle.Decode(damaged).Open();
                Span<byte> id = stackalloc byte[16];
                for (var i = 0; i < bundle.Count; i++)
                {
                    _ = bundle.RecordAt(i);
                    _ = bundle.SideAt(i);
                    _ = bundle.TryGetId(i, id);
                    _ = bundle.TryGetFields(i, out _);
                }
            }
            catch (InvalidDataException)
            {
                // What Decode and Open are to say of it.
            }
        });
    }

    private static SealedEntry Seal(LogEntry entry) =>
        new(EntryRecord.Encode(entry), entry.Id.Value.ToByteArray(bigEndian: true), Some.Side(entry));

    private static SealedEntry Make(string query, long micros, int fate, byte[] noise)
    {
        var occurredAt = fate == 0 ? LogTimestamp.From(Some.Time) : null;
        var entry = LogEntry.Create(
            Some.UserId(), Some.Query(query), Some.Status(), DateTimeOffset.UnixEpoch.AddTicks(micros * 10), Some.Hasher, occurredAt,
            id: fate == 1 ? LogId.Create(Guid.NewGuid().ToString()) : null);
        var plain = Seal(entry);
        return fate switch
        {
            2 => plain with { Record = default },
            3 => plain with { Record = noise },
            4 => plain with { Record = plain.Record[..(noise.Length % plain.Record.Length)] },
            5 => plain with { Id = Guid.NewGuid().ToByteArray() },
            6 => plain with { Side = noise },
            7 => plain with { Record = Edit(plain.Record, noise) },
            8 => plain with { Id = null },
            _ => plain,
        };
    }

    private static byte[] Edit(ReadOnlyMemory<byte> record, byte[] noise)
    {
        var edited = record.ToArray();
        for (var i = 1; i < noise.Length; i += 2) edited[noise[i - 1] % edited.Length] = noise[i];
        return edited;
    }

    private static void AssertSame(List<SealedEntry> entries, byte[] blob)
    {
        var bundle = SealedBundle.Decode(blob).Open();
        Span<byte> id = stackalloc byte[16];
        Assert.That(bundle.Count, Is.EqualTo(entries.Count));
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.That(bundle.RecordAt(i).ToArray(), Is.EqualTo(entries[i].Record.ToArray()));
            Assert.That(bundle.SideAt(i).ToArray(), Is.EqualTo(entries[i].Side.ToArray()));
            if (entries[i].Id is not { } kept) continue;
            Assert.That(bundle.TryGetId(i, id));
            Assert.That(id.ToArray(), Is.EqualTo(kept));
        }
    }
}
