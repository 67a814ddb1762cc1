using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Logs;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class ExportTests(StoreKind kind)
{
    // Other tests keep the machine busy, and none of these is about time.
    private Task<Service> StartAsync() => Service.StartAsync(kind, ("STORE_TIMEOUT_MS", "30000"));

    [Test]
    public async Task Export_Ndjson_IsEveryEntryAsItIsServedAndAnEnd()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        await client.FillAsync(Enumerable.Range(0, 1500).Select(i => new { query = $"SELECT {i} \n \"żółć\"", status = "OK" }));

        var lines = await LinesAsync(service, "/api/v1/logs/export");
        await client.WriteAsync("SELECT later");
        var later = await LinesAsync(service, "/api/v1/logs/export?cursor=" + lines[^1].GetProperty("next_cursor").GetString());

        Assert.That(lines[..^1].Select(entry => entry.Seq()), Is.EqualTo(Enumerable.Range(0, 1500).Select(i => (long)i)));
        Assert.That(lines[^1].GetProperty("count").GetInt32(), Is.EqualTo(1500));
        var one = await client.GetFromJsonAsync<JsonElement>($"/api/v1/logs/{lines[700].Id()}");
        Assert.That(JsonElement.DeepEquals(one, lines[700]));
        Assert.That(later.Select(line => line.TryGetProperty("seq", out var number) ? number.GetInt32() : -1), Is.EqualTo(new[] { 1500, -1 }));
    }

    [Test]
    public async Task Export_Csv_OpensSafelyAndGivesEveryTextBack()
    {
        string[] queries =
        [
            "=HYPERLINK(\"http://example.com\",\"x\")", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "'=1", "＝1", "plain", "a,\"b\"\r\nc;d",
        ];
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("=cmd");
        await client.FillAsync(queries.Select(query => new { query, status = "-OK", attributes = new Dictionary<string, string> { ["=k"] = "=v" } }));

        var rows = Parse(await service.Server.Client.GetStringAsync("/api/v1/logs/export?format=csv"));

        var header = rows[0];
        Assert.That(rows, Has.Count.EqualTo(queries.Length + 1).And.All.Count.EqualTo(header.Count));
        foreach (var row in rows)
        {
            foreach (var cell in row) Assert.That(cell, Does.Not.Match(@"^\s*[=+@＝-]").And.Not.Match(@"^[\t\r\n]"));
        }

        Assert.That(rows.Skip(1).Select(row => Read(row[header.IndexOf("query")])), Is.EqualTo(queries));
        Assert.That(rows.Skip(1).Select(row => Read(row[header.IndexOf("user_id")])), Is.All.EqualTo("=cmd"));
        Assert.That(rows.Skip(1).Select(row => Read(row[header.IndexOf("attributes")])), Is.All.EqualTo("{\"=k\":\"=v\"}"));
    }

    [Test]
    public async Task Export_TransferBreaksOff_GoesOnAfterItsLastEntry()
    {
        await using var service = await StartAsync();
        using var client = await service.Server.LoginAsync("ada");
        await client.FillAsync(Enumerable.Range(0, 600).Select(i => new { query = $"SELECT {i}", status = "OK" }));
        var seen = new List<long>();
        using (var stream = await service.Server.Client.GetStreamAsync("/api/v1/logs/export?user_id=ada"))
        using (var reader = new StreamReader(stream))
        {
            while (seen.Count < 100) seen.Add(JsonDocument.Parse((await reader.ReadLineAsync())!).RootElement.Seq());
        }

        var rest = await LinesAsync(service, $"/api/v1/logs/export?user_id=ada&after={seen[^1]}");

        seen.AddRange(rest[..^1].Select(entry => entry.Seq()));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 600).Select(i => (long)i)));
    }

    private static string Read(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

    private static async Task<List<JsonElement>> LinesAsync(Service service, string path) =>
        [.. (await service.Server.Client.GetStringAsync(path)).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)];

    // RFC 4180, section 2.
    private static List<List<string>> Parse(string text)
    {
        var (rows, row, cell) = (new List<List<string>>(), new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    if (text[i] == '"') i++;
                    cell.Append(text[i]);
                }
            }
            else if (text[i] is ',' or '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (text[i] == ',') continue;
                Assert.That(text[++i], Is.EqualTo('\n'));
                rows.Add(row);
                row = [];
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        return rows;
    }
}
