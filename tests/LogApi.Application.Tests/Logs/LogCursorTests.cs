using System.Buffers.Text;
using CsCheck;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs;
using LogApi.Application.Ports;
using LogApi.Domain.Search;

namespace LogApi.Application.Tests.Logs;

public sealed class LogCursorTests
{
    private static readonly LogHead Head = new("epoch", Next: 100, First: 10);
    private static readonly LogFilter Filter = LogFilter.Of(new LogCriteria { Text = "a" });

    [Test]
    public void TryParse_AnyCursor_GivesItBack() =>
        Gen.Select(Gen.Bool, Gen.Long[0, long.MaxValue], Gen.Long, Gen.Long).Sample((ascending, position, epoch, digest) =>
        {
            var cursor = new LogCursor(ascending ? LogOrder.OldestFirst : LogOrder.NewestFirst, position, epoch, digest);
            var text = cursor.ToString();
            return LogCursor.TryParse(text, out var parsed) && parsed == cursor && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        });

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgq=")]
    [TestCase("AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgq ")]
    [TestCase("AgAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk")]
    [TestCase("AQIAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk")]
    [TestCase("AQD_AAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk")]
    public void Check_NoCursor_SaysSo(string text) => Assert.That(LogCursor.Check(text), Does.Contain("next_cursor"));

    [Test]
    public void Check_AnyText_NeverThrows() => Gen.String.Sample(text => _ = LogCursor.Check(text));

    [Test]
    public void Check_AnyBytes_NeverThrows() =>
        Gen.Byte.Array[26].Sample(bytes => _ = LogCursor.Check(Base64Url.EncodeToString(bytes)));

    [Test]
    public void GoOn_NoCursor_GivesTheWholeLog()
    {
        var scan = Scan(LogCursor.GoOn(text: null, Filter, LogOrder.NewestFirst, Head));

        Assert.That(scan, Is.EqualTo(new LogScan(Filter, LogOrder.NewestFirst, 10, 100)));
    }

    [TestCase(LogOrder.OldestFirst, 50, 50, 100)]
    [TestCase(LogOrder.OldestFirst, 100, 100, 100)]
    [TestCase(LogOrder.OldestFirst, 5, 10, 100)]
    [TestCase(LogOrder.NewestFirst, 50, 10, 50)]
    [TestCase(LogOrder.NewestFirst, 5, 10, 10)]
    public void GoOn_Cursor_GivesWhatIsLeftOfTheLog(LogOrder order, long position, long first, long end)
    {
        var cursor = LogCursor.Of(Filter, order, Head, position).ToString();

        Assert.That(Scan(LogCursor.GoOn(cursor, Filter, order, Head)), Is.EqualTo(new LogScan(Filter, order, first, end)));
    }

    [Test]
    public void GoOn_OtherConditionsOrOrder_IsRefused()
    {
        var cursor = LogCursor.Of(Filter, LogOrder.NewestFirst, Head, 50).ToString();

        Assert.That(Refusal(LogCursor.GoOn(cursor, LogFilter.None, LogOrder.NewestFirst, Head)), Does.Contain("other conditions"));
        Assert.That(Refusal(LogCursor.GoOn(cursor, Filter, LogOrder.OldestFirst, Head)), Does.Contain("another order"));
    }

    [Test]
    public void GoOn_LogWasStartedAnewOrSetBack_IsRefused()
    {
        var cursor = LogCursor.Of(Filter, LogOrder.OldestFirst, Head, 100).ToString();

        Assert.That(Refusal(LogCursor.GoOn(cursor, Filter, LogOrder.OldestFirst, Head with { Epoch = "other" })), Does.Contain("emptied"));
        Assert.That(Refusal(LogCursor.GoOn(cursor, Filter, LogOrder.OldestFirst, Head with { Next = 99 })), Does.Contain("set back"));
    }

    [Test]
    public void GoOn_CursorOfTheLogBeforeItsFirstEntry_BeginsAtThatEntry()
    {
        var cursor = LogCursor.Of(Filter, LogOrder.OldestFirst, new LogHead("", 0), 0).ToString();

        Assert.That(Scan(LogCursor.GoOn(cursor, Filter, LogOrder.OldestFirst, new LogHead("epoch", 3))).End, Is.EqualTo(3));
    }

    private static LogScan Scan(Result<LogScan> result) =>
        result.TryGet(out var scan, out var error) ? scan : throw new AssertionException(error.ToString());

    private static string Refusal(Result<LogScan> result) => ((InvalidRequestError)result.Error!).Failures["cursor"].Single();
}
