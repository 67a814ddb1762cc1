using System.Buffers;
using System.Text;
using CsCheck;
using LogApi.Web.Search;

namespace LogApi.Web.Tests.Search;

public sealed class CsvCellTests
{
    [TestCase("", "")]
    [TestCase("plain", "plain")]
    [TestCase("żółć 🙂", "\"żółć 🙂\"")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("a\"b", "\"a\"\"b\"")]
    [TestCase("a\r\nb", "\"a\r\nb\"")]
    [TestCase("=1+1", "\"'=1+1\"")]
    [TestCase("+1", "\"'+1\"")]
    [TestCase("-1", "\"'-1\"")]
    [TestCase("@SUM(A1)", "\"'@SUM(A1)\"")]
    [TestCase("\t=1", "\"'\t=1\"")]
    [TestCase("\r=1", "\"'\r=1\"")]
    [TestCase("\nx", "\"'\nx\"")]
    [TestCase("  =1", "\"'  =1\"")]
    [TestCase("＝1", "\"'＝1\"")]
    [TestCase("'=1", "\"''=1\"")]
    [TestCase("a=1", "a=1")]
    [TestCase("=\"a\"", "\"'=\"\"a\"\"\"")]
    public void Write_Text_IsACellThatNoSpreadsheetRuns(string text, string cell) => Assert.That(Cell(text), Is.EqualTo(cell));

    [Test]
    public void Write_AnyText_IsGivenBackByTakingOneApostropheOff() =>
        Gen.String[Gen.Char["=+-@'\"\t\r\n ,;a＝"], 0, 12].Sample(text =>
        {
            var cell = Cell(text);
            if (cell.StartsWith('"')) cell = cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
            Assert.That(cell.TrimStart(), Does.Not.Match("^[=+@＝-]"));
            Assert.That(cell.StartsWith('\'') ? cell[1..] : cell, Is.EqualTo(text));
        });

    [Test]
    public void WriteNumber_Number_IsPlain()
    {
        var buffer = new ArrayBufferWriter<byte>();
        CsvCell.WriteNumber(buffer, long.MinValue);

        Assert.That(Encoding.UTF8.GetString(buffer.WrittenSpan), Is.EqualTo("-9223372036854775808"));
    }

    private static string Cell(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CsvCell.Write(buffer, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
