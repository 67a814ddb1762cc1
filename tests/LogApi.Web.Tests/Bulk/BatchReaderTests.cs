using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Web.Bulk;
using LogApi.Web.Errors;

namespace LogApi.Web.Tests.Bulk;

public sealed class BatchReaderTests
{
    private const int MaxItemBytes = 600;

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 40], Gen.String[OneOf('"', '\\', '\n', '{', '}', '[', ']', ',', 'ż'), 1, 20]);

    private static readonly Gen<string> Item = Gen.Select(Text, OneOf("SUCCESS", "FAILURE"), Gen.Bool, (query, status, isLong) =>
        JsonSerializer.Serialize(new { query, status, nested = new[] { new { query } }, padding = isLong ? new string('p', 100) : "" }));

    // What a line or an element may be that is no entry: wrong types, and what is no JSON.
    private static readonly Gen<string> NoEntry = OneOf("5", "null", "\"text\"", "[]", "[[{}]]", "{\"query\":1}", "{\"query\":\"a\",\"query\":\"b\"}");
    private static readonly Gen<string> NoJson = OneOf("{", "}", "nope", "{\"query\":\"a}", "]", "[1,]", "{\"a\":[1}", "\\");
    private static readonly Gen<int[]> Pieces = Gen.Int[1, 40].Array[1, 8];

    [Test]
    public void Lines_InAnyPieces_GiveTheSameItems() =>
        Gen.Select(Gen.OneOf(Item, NoEntry, NoJson, OneOf("", "  ", "\r")).Array[0, 30], Gen.Bool, Pieces).Sample((lines, isEnded, pieces) =>
        {
            var body = string.Join('\n', lines) + (isEnded ? "\n" : "");
            var expected = lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(Parsed).ToList();

            var (items, fault, _) = Read(body, new LineFramer(MaxItemBytes), pieces);

            return fault is null && items.SequenceEqual(expected);
        });

    [Test]
    public void Array_InAnyPieces_GivesTheSameItems() =>
        Gen.Select(Gen.OneOf(Item, NoEntry).Array[0, 30], OneOf(",", " ,\n", "\t, "), Pieces).Sample((elements, comma, pieces) =>
        {
            var (items, fault, _) = Read($" [ {string.Join(comma, elements)}\n] ", new ArrayFramer(MaxItemBytes), pieces);

            return fault is null && items.SequenceEqual(elements.Select(Parsed));
        });

    [Test]
    public void Array_WithAFault_GivesTheItemsBeforeItInAnyPieces() =>
        Gen.Select(Item.Array[0, 8], NoJson, Item.Array[0, 3], Pieces).Sample((before, fault, after, pieces) =>
        {
            var body = $"[{string.Join(',', [.. before, fault, .. after])}]";

            var (items, found, _) = Read(body, new ArrayFramer(MaxItemBytes * 100), pieces);

            // A closing bracket in the wrong place can be where the array ends; what follows it is then the fault.
            return found?.Kind == ProblemKinds.MalformedJson && items.SequenceEqual(before.Select(Parsed));
        });

    [TestCase("", 0)]
    [TestCase("{}", 0)]
    [TestCase("[", 0)]
    [TestCase("[,]", 0)]
    [TestCase("[1,]", 1)]
    [TestCase("[1 1]", 1)]
    [TestCase("[1] x", 1)]
    [TestCase("[1][2]", 1)]
    [TestCase("[1,2", 1)]
    [TestCase("[1,\"a", 1)]
    [TestCase("[1,\"a\\", 1)]
    [TestCase("[tru]", 0)]
    public void Array_Malformed_IsAFaultAfterTheItemsBefore(string body, int itemsBefore)
    {
        var (items, fault, _) = Read(body, new ArrayFramer(MaxItemBytes), [1]);

        Assert.That(fault?.Kind, Is.EqualTo(ProblemKinds.MalformedJson));
        Assert.That(items, Has.Count.EqualTo(itemsBefore));
    }

    [TestCase("[{\"query\":\"a\",\"status\":\"x\"},\n{]", "byte 30")]
    [TestCase("[1, x]", "byte 5")]
    [TestCase("[1] ]", "byte 5")]
    public void Array_Malformed_SaysWhere(string body, string where)
    {
        var (_, fault, _) = Read(body, new ArrayFramer(MaxItemBytes), [3]);

        Assert.That(fault?.Detail, Does.EndWith($" {where}."));
    }

    [Test]
    public void Item_TooLong_RejectsOneLineButEndsAnArray()
    {
        var tooLong = $"{{\"query\":\"{new string('q', MaxItemBytes)}\",\"status\":\"OK\"}}";
        const string one = """{"query":"a","status":"OK"}""";
        foreach (int[] pieces in new[] { [1], [7, 300], new[] { 10_000 } })
        {
            var (lines, lineFault, failures) = Read($"{one}\n{tooLong}\n{one}", new LineFramer(MaxItemBytes), pieces);
            var (elements, arrayFault, _) = Read($"[{one},{tooLong},{one}]", new ArrayFramer(MaxItemBytes), pieces);

            Assert.That(lines, Is.EqualTo(new[] { Parsed(one), null, Parsed(one) }));
            Assert.That(lineFault, Is.Null);
            Assert.That(failures[1].Kind, Is.EqualTo(ProblemKinds.BodyTooLarge));
            Assert.That(elements, Is.EqualTo(new[] { Parsed(one) }));
            Assert.That(arrayFault?.Kind, Is.EqualTo(ProblemKinds.BodyTooLarge));
        }
    }

    [Test]
    public void Items_OverTheNumber_AreAFaultAfterTheLast()
    {
        var options = new BatchOptions { MaxEntries = 3 };

        var exact = Read("1\n2\n\n3\n\n", new LineFramer(MaxItemBytes), [2], options);
        var over = Read("1\n2\n3\n4", new LineFramer(MaxItemBytes), [2], options);

        Assert.That(exact.Items, Has.Count.EqualTo(3));
        Assert.That(exact.Fault, Is.Null);
        Assert.That(over.Items, Has.Count.EqualTo(3));
        Assert.That(over.Fault?.Kind, Is.EqualTo(ProblemKinds.BodyTooLarge));
        Assert.That(over.Fault?.Detail, Does.Contain("BATCH_MAX_ENTRIES"));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("zstd")]
    public void Packed_InAnyPieces_IsUnpackedAndMissesNoEnd(string encoding)
    {
        var lines = Enumerable.Range(0, 400).Select(i => $$"""{"query":"SELECT {{i * 7919}}","status":"OK"}""").ToList();
        var packed = Pack(encoding, string.Join('\n', lines));
        Pieces.Sample(
            pieces =>
            {
                var whole = ReadPacked(encoding, packed, pieces, new BatchOptions());
                return whole.Fault is null && whole.Items.SequenceEqual(lines.Select(Parsed));
            },
            iter: 20);
        foreach (var cut in new[] { 1, 9, packed.Length / 2, packed.Length - 1 })
        {
            var broken = ReadPacked(encoding, packed[..^cut], [64], new BatchOptions());
            Assert.That(broken.Fault?.Kind, Is.EqualTo(ProblemKinds.MalformedJson), $"{cut} bytes less");
            Assert.That(broken.Fault?.Detail, Does.Contain("Content-Encoding"));
            Assert.That(broken.Items.SequenceEqual(lines.Select(Parsed).Take(broken.Items.Count)), Is.True);
        }

        var longer = ReadPacked(encoding, [.. packed, 1, 2, 3, 4], [64], new BatchOptions());
        Assert.That(longer.Fault?.Kind, Is.EqualTo(ProblemKinds.MalformedJson));
        var garbage = ReadPacked(encoding, [.. "not packed at all"u8], [64], new BatchOptions());
        Assert.That(garbage.Fault?.Kind, Is.EqualTo(ProblemKinds.MalformedJson));
        Assert.That(garbage.Items, Is.Empty);
    }

    [Test]
    public void Packed_GzipOfSeveralMembers_IsReadToItsEnd()
    {
        byte[] packed = [.. Pack("gzip", "1\n2\n"), .. Pack("gzip", "3\n")];

        Assert.That(ReadPacked("gzip", packed, [5], new BatchOptions()).Items, Has.Count.EqualTo(3));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("zstd")]
    public void Packed_Bomb_EndsAtTheLimit(string encoding)
    {
        var packed = Pack(encoding, new string('\n', 50_000_000));
        Assert.That(packed, Has.Length.LessThan(100_000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var (_, fault, _) = ReadPacked(encoding, packed, [100_000], new BatchOptions { MaxBytes = 1_000_000 });

        Assert.That(fault?.Kind, Is.EqualTo(ProblemKinds.BodyTooLarge));
        Assert.That(fault?.Detail, Does.Contain("1000000 bytes (BATCH_MAX_BYTES)"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16_000_000));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static (string? Query, string? Status)? Parsed(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out var status)
                ? (document.RootElement.GetProperty("query").GetString(), status.GetString())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (List<(string? Query, string? Status)?> Items, Failure? Fault, Dictionary<int, Failure> Failures) ReadPacked(
        string encoding, byte[] packed, int[] pieces, BatchOptions options)
    {
        var sent = new LimitedStream(new PiecewiseStream(packed, pieces), options.MaxBytes, () => BatchReader.TooLarge(options));
        return Read(BodyEncoding.Open(sent, encoding), new LineFramer(MaxItemBytes), options);
    }

    private static (List<(string? Query, string? Status)?> Items, Failure? Fault, Dictionary<int, Failure> Failures) Read(
        string body, ItemFramer framer, int[] pieces, BatchOptions? options = null) =>
        Read(new PiecewiseStream(Encoding.UTF8.GetBytes(body), pieces), framer, options ?? new BatchOptions());

    private static (List<(string? Query, string? Status)?> Items, Failure? Fault, Dictionary<int, Failure> Failures) Read(
        Stream body, ItemFramer framer, BatchOptions options)
    {
        using var reader = new BatchReader(body, framer, MaxItemBytes, options);
        var items = new List<LogItem?>();
        while (reader.ReadAsync(items, items.Count + 5, default).AsTask().GetAwaiter().GetResult())
        {
            // On to the next few.
        }

        var refused = Enumerable.Range(0, items.Count).Where(i => items[i] is null).ToDictionary(i => i, reader.FailureOf);
        return ([.. items.Select(item => item is null ? ((string?, string?)?)null : (item.Query, item.Status))], reader.Fault, refused);
    }

    private static byte[] Pack(string encoding, string text)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(packed, level: 3, leaveOpen: true),
        }) packing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
