using System.Text;
using CsCheck;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Tests.Hashing;

public sealed class StoreSealTests
{
    private static readonly StoreSeal Seal = EntryGen.Hasher.SealFor("test");

    [Test]
    public void TryOpen_AnyValueUnderItsKey_GivesTheValue() => Gen.Select(Gen.String, Gen.Byte.Array[0, 100]).Sample((key, value) =>
        Seal.TryOpen(key, Seal.Seal(key, value), out var opened) && opened.Span.SequenceEqual(value));

    [Test]
    public void TryOpen_AnyByteChangedOrCutOff_Fails() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte[1, 255]).Sample((value, change) =>
    {
        var stored = Seal.Seal("key", value);
        for (var i = 0; i < stored.Length; i++)
        {
            var changed = stored.ToArray();
            changed[i] ^= change;
            if (Seal.TryOpen("key", changed, out _) || Seal.TryOpen("key", stored.AsMemory(..i), out _)) return false;
        }

        return !Seal.TryOpen("key", (byte[])[.. stored, 0], out _);
    });

    [Test]
    public void TryOpen_OtherKeyPurposeOrSecret_Fails()
    {
        var stored = Seal.Seal("key", "value"u8);
        using var other = new EntryHasher("another-secret-of-at-least-32-bytes"u8);

        Assert.That(Seal.TryOpen("ke", stored, out _), Is.False);
        Assert.That(Seal.TryOpen("keyv", (byte[])[.. stored[..StoreSeal.Size], .. "alue"u8], out _), Is.False);
        Assert.That(EntryGen.Hasher.SealFor("other").TryOpen("key", stored, out _), Is.False);
        Assert.That(other.SealFor("test").TryOpen("key", stored, out _), Is.False);
    }

    [Test]
    public void TryOpen_SealedWithAPreviousSecret_Succeeds()
    {
        using var rotated = new EntryHasher(
            "another-secret-of-at-least-32-bytes"u8, Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

        Assert.That(rotated.SealFor("test").TryOpen("key", Seal.Seal("key", "value"u8), out _), Is.True);
        Assert.That(Seal.TryOpen("key", rotated.SealFor("test").Seal("key", "value"u8), out _), Is.False, "the current one seals");
    }
}
