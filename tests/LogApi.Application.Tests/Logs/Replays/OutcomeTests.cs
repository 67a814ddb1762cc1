using LogApi.Application.Logs.Replays;

namespace LogApi.Application.Tests.Logs.Replays;

public sealed class OutcomeTests
{
    private static readonly DateTime Earlier = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Rows_AnyKinds_AreReadAsTheyWereWritten()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var rows = Enumerable.Range(0, random.Next(60)).Select(_ => Row((OutcomeKind)random.Next(5), random.Next(4), (uint)random.Next(2))).ToList();

            Assert.That(Read(Write(rows)), Is.EqualTo(rows));
        }
    }

    [Test]
    public void Rows_OfOneRun_TakeAFewBytes()
    {
        var rows = Enumerable.Range(0, 10_000).Select(i => new OutcomeRow(OutcomeKind.Stored, 3_000_000_000 + i, 0xFFFF_FFFF)).ToList();

        var outcome = Write(rows);

        Assert.That(outcome, Has.Length.LessThan(14));
        Assert.That(Read(outcome), Is.EqualTo(rows));
    }

    private static OutcomeRow Row(OutcomeKind kind, long sequence, uint secret) => kind switch
    {
        OutcomeKind.Stored => new OutcomeRow(kind, sequence, secret),
        OutcomeKind.Earlier => new OutcomeRow(kind, sequence, secret, Earlier.AddTicks(sequence / 2)),
        _ => new OutcomeRow(kind),
    };

    private static byte[] Write(List<OutcomeRow> rows)
    {
        using var writer = new OutcomeWriter();
        foreach (var row in rows) writer.Add(row);
        return writer.ToArray();
    }

    private static List<OutcomeRow> Read(byte[] outcome)
    {
        var rows = new List<OutcomeRow>();
        using var reader = new OutcomeReader(outcome);
        while (reader.Next() is { } row) rows.Add(row);
        return rows;
    }
}
