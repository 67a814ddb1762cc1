using System.Text;
using CsCheck;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Tests;

/// <summary>Generators of entries and their parts, over everything that is accepted.</summary>
internal static class EntryGen
{
    public static readonly EntryHasher Hasher = new("0123456789abcdef0123456789abcdef"u8);

    private static readonly int[] Special = [0x22, 0x5C, 0x2F, 0x7C, 0x7F, 0x85, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFF];

    /// <summary>Unicode scalar values of every kind: ASCII, control, assigned and unassigned, in and above the BMP.</summary>
    public static readonly Gen<Rune> Rune = Gen.Frequency(
        (8, Gen.Int[0x20, 0x7E]),
        (2, Gen.Int[0, 0x1F]),
        (1, Gen.Int[0, Special.Length - 1].Select(i => Special[i])),
        (2, Gen.Int[0x80, 0xD7FF]),
        (1, Gen.Int[0xE000, 0xFFFF]),
        (1, Gen.Int[0x10000, 0x10FFFF])).Select(value => new Rune(value));

    public static readonly Gen<UserId> User =
        Text(Rune.Where(rune => !System.Text.Rune.IsControl(rune) && rune.Value != '|'), UserId.MaxLength).Select(UserId.Create);

    public static readonly Gen<QueryText> Query = Text(Rune, 200).Select(QueryText.Create);

    public static readonly Gen<LogStatus> Status =
        Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"].Array[1, LogStatus.MaxLength]
            .Select(chars => LogStatus.Create(new string(chars)));

    public static readonly Gen<DateTimeOffset> Instant =
        Gen.Long[DateTimeOffset.UnixEpoch.Ticks, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    public static readonly Gen<LogAttributes> Attributes = Gen.Dictionary(
        Text(Rune.Where(rune => !System.Text.Rune.IsControl(rune)), LogAttributes.MaxKeyLength),
        Rune.Array[0, 40].Select(runes => (string?)string.Concat(runes)))[0, 6].Select(LogAttributes.Create);

    public static readonly Gen<LogEntry> Entry = Gen.Select(
        Gen.Select(User, Query, Status),
        Instant,
        Gen.Frequency((1, Gen.Const((LogTimestamp?)null)), (1, Instant.Select(LogTimestamp? (time) => LogTimestamp.From(time)))),
        Gen.Frequency((1, Gen.Const(LogAttributes.None)), (1, Attributes)),
        (said, time, occurredAt, attributes) => LogEntry.Create(said.Item1, said.Item2, said.Item3, time, Hasher, occurredAt, attributes));

    private static Gen<string> Text(Gen<Rune> rune, int longest) => rune.Array[1, longest].Select(runes => string.Concat(runes));
}
