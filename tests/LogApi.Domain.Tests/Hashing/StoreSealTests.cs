using System.Text;
using CsCheck;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Tests.Hashing;

public sealed class StoreSealTests
{
    private static readonly StoreSeal Seal = EntryGen.Hasher.SealFor("test");

    [Test]
    public void IsOf_AnyValueUnderItsKey_IsTrue() => Gen.Select(Gen.String, Gen.Byte.Array[0, 100]).Sample((key, value) =>
        Seal.Of(key, value).Length == StoreSeal.Size && Seal.IsOf(key, value, Seal.Of(key, value)));

    [Test]
    public void IsOf_AnyByteChangedOrCutOff_IsFalse() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte[1, 255]).Sample((value, change) =>
    {
        byte[] stored = [.. value, .. Seal.Of("key", value)];
        for (var i = 0; i < stored.Length; i++)
        {
            var changed = stored.ToArray();
            changed[i] ^= change;
            if (IsWhole(changed) || IsWhole(stored.AsSpan(..i)) || IsWhole(stored.AsSpan((i + 1)..))) return false;
        }

        return IsWhole(stored) && !IsWhole([.. stored, 0]);
    });

    [Test]
    public void IsOf_OtherKeyPurposeOrSecret_IsFalse()
    {
        var seal = Seal.Of("key", "value"u8);
        using var other = new EntryHasher("another-secret-of-at-least-32-bytes"u8);

        Assert.That(Seal.IsOf("ke", "value"u8, seal), Is.False);
        Assert.That(Seal.IsOf("keyv", "alue"u8, seal), Is.False);
        Assert.That(EntryGen.Hasher.SealFor("other").IsOf("key", "value"u8, seal), Is.False);
        Assert.That(other.SealFor("test").IsOf("key", "value"u8, seal), Is.False);
    }

    [Test]
    public void IsOf_SealedWithAPreviousSecret_IsTrue()
    {
        using var rotated = new EntryHasher(
            "another-secret-of-at-least-32-bytes"u8, Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));
        var now = rotated.SealFor("test");

        Assert.That(now.IsOf("key", "value"u8, Seal.Of("key", "value"u8)), Is.True);
        Assert.That(Seal.IsOf("key", "value"u8, now.Of("key", "value"u8)), Is.False, "the current one seals");
    }

    private static bool IsWhole(ReadOnlySpan<byte> stored)
    {
        var end = Math.Max(0, stored.Length - StoreSeal.Size);
        return Seal.IsOf("key", stored[..end], stored[end..]);
    }
}
