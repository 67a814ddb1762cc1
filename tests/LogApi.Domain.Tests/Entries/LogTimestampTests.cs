using System.Globalization;
using CsCheck;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Tests.Entries;

public sealed class LogTimestampTests
{
    [TestCase("2026-02-28T23:59:59.9999999Z", "2026-02-28T23:59:59.999999Z")]
    [TestCase("2026-03-01T00:00:00.0000009Z", "2026-03-01T00:00:00.000000Z")]
    [TestCase("2026-03-01T00:00:00.1200005Z", "2026-03-01T00:00:00.120000Z")]
    [TestCase("2026-03-01T02:00:00.5Z", "2026-03-01T02:00:00.500000Z")]
    [TestCase("2026-03-01T02:00:00.5+02:00", "2026-03-01T00:00:00.500000Z")]
    [TestCase("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z")]
    public void From_Instant_IsUtcCutToMicroseconds(string instant, string text)
    {
        var timestamp = LogTimestamp.From(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        Assert.That(timestamp.Text, Is.EqualTo(text));
        Assert.That(timestamp.Utc.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [Test]
    public void From_AnyInstant_IsReadBackFromItsOwnText() => EntryGen.Instant.Sample(instant =>
    {
        var timestamp = LogTimestamp.From(instant);
        var lost = instant.UtcDateTime - timestamp.Utc;
        return LogTimestamp.TryParse(timestamp.Text, out var read)
            && read == timestamp
            && timestamp.Text.Length == 27
            && lost >= TimeSpan.Zero && lost < TimeSpan.FromMicroseconds(1);
    });

    [TestCase(null)]
    [TestCase("")]
    [TestCase("2024-01-01T12:00:00Z")]
    [TestCase("2024-01-01T12:00:00.000Z")]
    [TestCase("2024-01-01T12:00:00.0000000Z")]
    [TestCase("2024-01-01T12:00:00.000000z")]
    [TestCase("2024-01-01 12:00:00.000000Z")]
    [TestCase("2024-01-01T12:00:00.000000+00:00")]
    [TestCase("2024-01-01T12:00:00.000000")]
    [TestCase(" 2024-01-01T12:00:00.000000Z")]
    [TestCase("2024-01-01T12:00:00.000000Z ")]
    [TestCase("2024-02-30T12:00:00.000000Z")]
    [TestCase("2024-01-01T24:00:00.000000Z")]
    [TestCase("2024-01-01T12:00:60.000000Z")]
    public void TryParse_AnyOtherForm_IsRefused(string? text)
    {
        Assert.That(LogTimestamp.TryParse(text, out var timestamp), Is.False);
        Assert.That(timestamp, Is.Null);
    }

    [TestCase("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000000Z")]
    [TestCase("2026-03-01T12:00:00.5+02:00", "2026-03-01T10:00:00.500000Z")]
    [TestCase("2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123456Z")]
    [TestCase("2026-03-01T12:00:00.9999999-00:30", "2026-03-01T12:30:00.999999Z")]
    public void TryParseInstant_Rfc3339_IsCutToMicroseconds(string text, string expected)
    {
        Assert.That(LogTimestamp.CheckInstant(text), Is.Null);
        Assert.That(LogTimestamp.TryParseInstant(text, out var parsed), Is.True);
        Assert.That(parsed!.Text, Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("2026-03-01")]
    [TestCase("2026-03-01T12:00:00")]
    [TestCase("2026-03-01T12:00:00.123456")]
    [TestCase("2026-03-01 12:00:00Z")]
    [TestCase("2026-03-01T12:00:00.Z")]
    [TestCase("2026-03-01T12:00:00.1.2Z")]
    [TestCase("2026-03-01T12:00:0012Z")]
    [TestCase("2026-02-30T12:00:00Z")]
    [TestCase("2026-03-01T12:00:60Z")]
    [TestCase("2026-03-01T12:00:00Zulu")]
    [TestCase("0001-01-01T00:00:00+14:00")]
    [TestCase("1772366400")]
    public void TryParseInstant_AnythingElse_IsRefused(string? text)
    {
        Assert.That(LogTimestamp.TryParseInstant(text, out _), Is.False);
        Assert.That(LogTimestamp.CheckInstant(text), Does.Contain("RFC 3339"));
    }

    [Test]
    public void TryParseInstant_OwnText_IsTheSameInstant() => EntryGen.Instant.Sample(time =>
        LogTimestamp.TryParseInstant(LogTimestamp.From(time).Text, out var parsed) && parsed == LogTimestamp.From(time));
}
