using System.Text;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The leaf that the console makes of an entry, against the one that the service puts into the tree.</summary>
public sealed class EntryLeafTests : ConsoleTest
{
    private static readonly int[] Special = [0x22, 0x5C, 0x2F, 0x7F, 0x85, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFF, 0x10FFFF];

    [Test]
    public async Task Leaf_OfRandomEntries_IsTheServices()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var salt = new byte[LogLeaf.SaltSize];
        random.NextBytes(salt);
        var entries = Enumerable.Range(0, 200).Select(_ => Entry(random)).ToList();
        var page = await OpenModulesAsync();

        var leaves = await page.RunAsync<string[]>("entry-leaf", """
            return Promise.all(argument.entries.map(async (entry) => (await module.leafOf(JSON.parse(entry), argument.salt)).leaf));
            """, new { salt = Convert.ToBase64String(salt), entries = entries.Select(entry => Encoding.UTF8.GetString(EntryRecord.Encode(entry))) });

        Assert.That(leaves, Is.EqualTo(entries.Select(entry => Encoding.UTF8.GetString(LogLeaf.Of(entry, salt).Encode()))), $"seed {seed}");
    }

    [Test]
    public async Task Leaf_EntryHasWhatNoLeafCovers_IsRefusedInWords()
    {
        (string More, string Named)[] cases =
        [
            ("""{"role":"admin"}""", "“role”"), ("""{"commitment":"AAAA"}""", "commitment"), ("""{"redacted":true}""", "“user_id”"),
            ("""{"attributes":{"a":1}}""", "attributes"), ("""{"attributes":{}}""", "attributes"), ("""{"attributes":["a"]}""", "attributes"),
            ("""{"query":7}""", "query"), ("""{"query":null}""", "query"), ("""{"query":"\ud800"}""", "query"), ("""{"occurred_at":null}""", "occurred_at"),
        ];
        var entry = Encoding.UTF8.GetString(EntryRecord.Encode(Some.Entry()));
        var page = await OpenModulesAsync();

        var words = await page.RunAsync<string[]>("entry-leaf", """
            const salt = 'AQIDBAUGBwgJCgsMDQ4PEA==';
            return Promise.all(argument.more.map((more) => module.leafOf({ ...JSON.parse(argument.entry), ...JSON.parse(more) }, salt).then((made) => made.leaf, (fault) => fault.message)));
            """, new { entry, more = cases.Select(one => one.More) });

        for (var i = 0; i < cases.Length; i++) Assert.That(words[i], Does.StartWith("The entry has").And.Contains(cases[i].Named), cases[i].More);
    }

    private static LogEntry Entry(Random random) => LogEntry.Create(
        UserId.Create(Text(random, 20, isPlain: true)),
        QueryText.Create(Text(random, 60, isPlain: false)),
        Some.Status(),
        Some.Time.AddTicks(random.NextInt64(1L << 52)),
        Some.Hasher,
        random.Next(2) == 0 ? null : LogTimestamp.From(Some.Time),
        LogAttributes.Create([.. Enumerable.Range(0, random.Next(4)).Select(
            number => KeyValuePair.Create($"{Text(random, 8, isPlain: true)}{number}", (string?)Text(random, 20, isPlain: false)))]));

    private static string Text(Random random, int longest, bool isPlain)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, longest); left > 0;)
        {
            var value = random.Next(5) switch
            {
                0 => random.Next(0x20),
                1 => Special[random.Next(Special.Length)],
                2 => random.Next(0xA0, 0xD800),
                3 => random.Next(0x10000, 0x110000),
                _ => random.Next(0x20, 0x7F),
            };
            if (isPlain && (value == '|' || Rune.IsControl(new Rune(value)))) continue;
            text.Append(new Rune(value));
            left--;
        }

        return text.ToString();
    }
}
