using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class LogSearchControllerTests
{
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _host = new ApiHost();
        _client = _host.CreateClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Get_StoredEntry_GivesItsBytesWithTheNumber()
    {
        var entry = Some.Entry(query: "SELECT 'żółć' \n \"a\"");
        Find(entry, new StoredRecord(41, EntryRecord.Encode(entry)));

        using var response = await _client.GetAsync(Uri($"/api/v1/logs/{entry.Id}"));

        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        Assert.That(text, Is.EqualTo(Encoding.UTF8.GetString(EntryRecord.Encode(entry))[..^1] + ",\"seq\":41}"));
        Assert.That(response.Headers.ETag!.IsWeak, Is.False);
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(Encoding.UTF8.GetByteCount(text)));
    }

    [Test]
    public async Task Get_TagIsKnown_Answers304WithoutABody()
    {
        var entry = Some.Entry();
        Find(entry, new StoredRecord(41, EntryRecord.Encode(entry)));
        using var first = await _client.GetAsync(Uri($"/api/v1/logs/{entry.Id}"));
        foreach (var known in new[] { first.Headers.ETag!.ToString(), "W/" + first.Headers.ETag, "\"x\", " + first.Headers.ETag, "*" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs/{entry.Id}");
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            using var response = await _client.SendAsync(request);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified), known);
            Assert.That(response.Headers.ETag, Is.EqualTo(first.Headers.ETag));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task Get_RecordWasEdited_HasAnotherTag()
    {
        var entry = Some.Entry(status: "SUCCESS");
        Find(entry, new StoredRecord(41, EntryRecord.Encode(entry)));
        using var first = await _client.GetAsync(Uri($"/api/v1/logs/{entry.Id}"));
        var edited = Encoding.UTF8.GetString(EntryRecord.Encode(entry)).Replace("SUCCESS", "FAILURE", StringComparison.Ordinal);
        Find(entry, new StoredRecord(41, Encoding.UTF8.GetBytes(edited)));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs/{entry.Id}");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var response = await _client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("FAILURE"));
    }

    [Test]
    public async Task Get_NoEntryToGive_SaysWhy()
    {
        var entry = Some.Entry();
        var path = Uri($"/api/v1/logs/{entry.Id}");

        _host.Logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.NeverStored);
        using (var response = await _client.GetAsync(path)) await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "not_found");
        _host.Logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.Dropped);
        using (var response = await _client.GetAsync(path)) await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Gone, "entry_dropped");
        Find(entry, default);
        using (var response = await _client.GetAsync(path)) await ProblemAssert.IsProblemAsync(response, HttpStatusCode.InternalServerError, "entry_damaged");
        using (var response = await _client.GetAsync(Uri("/api/v1/logs/x")))
            await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Search_TwoPages_AreLinked()
    {
        var entries = Some.Entries(3, "ada b&c");
        _host.Hold(MemorySearch.Of(entries), 3);

        using var response = await _client.GetAsync(Uri("/api/v1/logs?limit=2&user_id=ada%20b%26c"));
        var page = await response.Content.ReadFromJsonAsync<JsonElement>();
        var link = response.Headers.GetValues("Link").Single();
        var next = await _client.GetFromJsonAsync<JsonElement>(link[1..link.IndexOf('>', StringComparison.Ordinal)]);

        Assert.That(link, Does.EndWith("; rel=\"next\""));
        Assert.That(Sequences(page), Is.EqualTo(new[] { 2, 1 }));
        Assert.That(page.GetProperty("has_more").GetBoolean(), Is.True);
        Assert.That(page.GetProperty("items")[0].GetProperty("query").GetString(), Is.EqualTo(entries[2].Query.Value));
        Assert.That(Sequences(next), Is.EqualTo(new[] { 0 }));
        Assert.That(next.GetProperty("has_more").GetBoolean(), Is.False);
        Assert.That(next.GetProperty("next_cursor").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Search_EveryCondition_IsUnderstood()
    {
        var wanted = LogEntry.Create(
            UserId.Create("ada"), QueryText.Create("Delete FROM t"), LogStatus.Create("OK"), Some.Time, Some.Hasher,
            attributes: LogAttributes.Create([KeyValuePair.Create("Tenant", (string?)"acme & co"), KeyValuePair.Create("tenant", (string?)"")]));
        _host.Hold(MemorySearch.Of(Some.Entry(), wanted, Some.Entry()), 3);

        var page = await _client.GetFromJsonAsync<JsonElement>(
            "/api/v1/logs?user_id=ada&status=ERROR,DENIED&status=OK&from=2026-03-01T13:00:00+01:00&to=2026-03-01T12:00:00.000001Z"
            + "&q=dELETE+from&attr.Tenant=acme%20%26%20co&attr.tenant=&order=asc&limit=10");

        Assert.That(Sequences(page), Is.EqualTo(new[] { 1 }));
        Assert.That(page.GetProperty("next_cursor").GetString(), Is.Not.Empty, "oldest first there is always a cursor to go on from");
    }

    [TestCase("limit=0", "limit", "1 to 1000")]
    [TestCase("limit=ten", "limit", "1 to 1000")]
    [TestCase("limit=99999999999999999999", "limit", "1 to 1000")]
    [TestCase("limit=1&limit=2", "limit", "once")]
    [TestCase("user=ada", "user", "accepted are user_id, status, from, to, q, attr.<name>, order, limit, cursor")]
    [TestCase("User_id=ada", "User_id", "accepted are")]
    [TestCase("offset=1", "offset", "accepted are")]
    [TestCase("user_id=", "user_id", "is required")]
    [TestCase("status=a%20b", "status", "A-Z a-z 0-9")]
    [TestCase("from=now", "from", "RFC 3339")]
    [TestCase("q=", "q", "1 to 1024")]
    [TestCase("order=up", "order", "desc (newest first) or asc (oldest first)")]
    [TestCase("cursor=abc", "cursor", "next_cursor")]
    [TestCase("attr.k=a&attr.k=b", "attr.k", "once")]
    [TestCase("attr.=a", "attr.", "1 to 64")]
    public async Task Search_BadParameter_SaysWhatIsAccepted(string query, string field, string accepted)
    {
        using var response = await _client.GetAsync(Uri("/api/v1/logs?" + query));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").GetProperty(field)[0].GetString(), Does.Contain(accepted));
    }

    [Test]
    public async Task Search_DamagedRecords_BreakNoPage()
    {
        ReadOnlyMemory<byte>[] records =
            [EntryRecord.Encode(Some.Entry()), default, default, "{\"id\":"u8.ToArray(), EntryRecord.Encode(Some.Entry())];
        _host.Hold(new MemorySearch(records), records.Length);

        foreach (var order in new[] { "asc", "desc" })
        {
            var page = await _client.GetFromJsonAsync<JsonElement>("/api/v1/logs?order=" + order);
            var gaps = page.GetProperty("gaps").EnumerateArray().Select(gap => (gap.GetProperty("from").GetInt32(), gap.GetProperty("to").GetInt32()));

            Assert.That(Sequences(page), Is.EquivalentTo(new[] { 0, 4 }));
            Assert.That(gaps, Is.EquivalentTo(new[] { (1, 2), (3, 3) }));
        }

        var filtered = await _client.GetFromJsonAsync<JsonElement>("/api/v1/logs?status=SUCCESS");
        Assert.That(filtered.TryGetProperty("gaps", out _), Is.False);
    }

    [Test]
    public async Task Search_StoreAway_Answers503()
    {
        _host.Logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.Unreachable));

        using var response = await _client.GetAsync(Uri("/api/v1/logs"));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    [Test]
    public async Task Export_Ndjson_EndsWithALineThatSaysSo()
    {
        _host.Hold(new MemorySearch([EntryRecord.Encode(Some.Entry()), default, EntryRecord.Encode(Some.Entry())]), 3);

        using var response = await _client.GetAsync(Uri("/api/v1/logs/export"));

        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/x-ndjson"));
        Assert.That(response.Content.Headers.ContentDisposition!.ToString(), Does.Match("^attachment; filename=\"?logs-.*\\.ndjson"));
        Assert.That(lines, Has.Length.EqualTo(5).And.ItemAt(4).Empty);
        var (first, gap, last, end) = (Json(lines[0]), Json(lines[1]), Json(lines[2]), Json(lines[3]));
        Assert.That((first.GetProperty("seq").GetInt32(), last.GetProperty("seq").GetInt32()), Is.EqualTo((0, 2)));
        Assert.That(gap.GetRawText(), Does.StartWith("""{"type":"gap","from":1,"to":1,"""));
        Assert.That(end.GetProperty("type").GetString(), Is.EqualTo("end"));
        Assert.That(end.GetProperty("count").GetInt32(), Is.EqualTo(2));
        Assert.That(end.GetProperty("has_more").GetBoolean(), Is.False);
        Assert.That(end.GetProperty("next_cursor").GetString(), Is.EqualTo(response.Headers.GetValues("LogApi-Next-Cursor").Single()));
    }

    [Test]
    public async Task Export_Csv_HasAHeaderAndSafeCells()
    {
        var entry = LogEntry.Create(
            UserId.Create("@ada"), QueryText.Create("=HYPERLINK(\"x\")\n,"), LogStatus.Create("-OK"), Some.Time, Some.Hasher,
            occurredAt: LogTimestamp.From(Some.Time), attributes: LogAttributes.Create([KeyValuePair.Create("k", (string?)"a\"b")]));
        _host.Hold(new MemorySearch([EntryRecord.Encode(entry), default]), 2);

        using var response = await _client.GetAsync(Uri("/api/v1/logs/export?format=csv"));

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/csv; charset=utf-8; header=present"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(
            "seq,id,user_id,query,status,timestamp,occurred_at,attributes,hash,error\r\n"
            + $"0,{entry.Id},\"'@ada\",\"'=HYPERLINK(\"\"x\"\")\n,\",\"'-OK\",{entry.Timestamp},{entry.OccurredAt},"
            + $"\"{{\"\"k\"\":\"\"a\\\"\"b\"\"}}\",{entry.Hash},\r\n"
            + "1,,,,,,,,,\"the record is gone from the store\"\r\n"));
    }

    [Test]
    public async Task Export_BrokenTransfer_IsResumedAfterItsLastEntry()
    {
        _host.Hold(MemorySearch.Of(Some.Entries(5)), 5);

        var text = await _client.GetStringAsync(Uri("/api/v1/logs/export?after=2&limit=1"));

        var lines = text.Split('\n');
        Assert.That(Json(lines[0]).GetProperty("seq").GetInt32(), Is.EqualTo(3));
        Assert.That(Json(lines[1]).GetProperty("has_more").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Export_Proofs_AreInEachLineAndTheCheckpointInTheLast()
    {
        var entries = Some.Entries(300);
        _host.Tree.Publish(entries);
        _host.Hold(MemorySearch.Of(entries), 300);

        var lines = (await _client.GetStringAsync(Uri("/api/v1/logs/export?proofs=true"))).Split('\n')[..^1].Select(Json).ToList();

        var note = lines[^1].GetProperty("checkpoint").GetString();
        Assert.That(note, Is.EqualTo(_host.Tree.Stored!.Note.ToString()));
        Assert.That(lines, Has.Count.EqualTo(301));
        var root = _host.Tree.Stored.Checkpoint.Root;
        for (var i = 0; i < 300; i++)
        {
            var line = lines[i];
            Assert.That((line.GetProperty("seq").GetInt32(), line.GetProperty("log_index").GetInt32()), Is.EqualTo((i, i)));
            var salt = line.GetProperty("salt").GetBytesFromBase64();
            var proof = line.GetProperty("inclusion").EnumerateArray().Select(hash => TreeHash.From(hash.GetBytesFromBase64())).ToArray();
            var leaf = TreeHash.OfLeaf(LogLeaf.Of(entries[i], salt).Encode());
            Assert.That(TreeProof.IsIncluded(i, 300, leaf, proof, root), Is.True);
        }
    }

    [Test]
    public async Task Export_ProofsOfARedactedAndADamagedEntry_HaveNoSaltOrNoEntry()
    {
        var redacted = new RedactedRecord(LogLeaf.Of(Some.Entry(), Some.Salt));
        _host.Tree.Publish(Some.Entries(2));
        _host.Hold(new MemorySearch([default, redacted.Encode()]), 2);

        var text = await _client.GetStringAsync(Uri("/api/v1/logs/export?proofs=true"));

        Assert.That(text, Does.StartWith("""{"type":"gap","from":0,"to":0,"""));
    }

    [Test]
    public async Task Export_ProofsWithoutATile_IsAProblemThatNamesIt()
    {
        _host.Tree.Publish(Some.Entries(3));
        _host.Tree.Read = (_, _) => [];
        _host.Hold(MemorySearch.Of(Some.Entries(3)), 3);

        using var response = await _client.GetAsync(Uri("/api/v1/logs/export?proofs=true"));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.InternalServerError, "tree_damaged");
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("0/000.p/3"));
    }

    [Test]
    public async Task Export_ProofsBeforeTheFirstCheckpoint_IsEmptyAndSaysSo()
    {
        _host.Hold(MemorySearch.Of(Some.Entries(3)), 3);
        var end = Json(await _client.GetStringAsync(Uri("/api/v1/logs/export?proofs=true")));
        Assert.That((end.GetProperty("count").GetInt32(), end.GetProperty("checkpoint").ValueKind), Is.EqualTo((0, JsonValueKind.Null)));
    }

    [TestCase("format=xml", "format", "ndjson or csv")]
    [TestCase("after=-1", "after", "0 or more")]
    [TestCase("limit=0", "limit", "1 or more")]
    [TestCase("offset=0", "offset", "accepted are user_id, status, from, to, q, attr.<name>, format, order, limit, cursor, proofs, after")]
    [TestCase("format=csv&proofs=true", "proofs", "ndjson")]
    [TestCase("proofs=yes", "proofs", "true or false")]
    public async Task Export_BadParameter_SaysWhatIsAccepted(string query, string field, string accepted)
    {
        using var response = await _client.GetAsync(Uri("/api/v1/logs/export?" + query));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").GetProperty(field)[0].GetString(), Does.Contain(accepted));
    }

    [Test]
    public async Task Export_StoreAwayAtTheStart_Answers503()
    {
        _host.Hold(new MemorySearch([default]) { Fault = _ => new StoreUnavailableException(StoreFailure.Unreachable) }, 1);

        using var response = await _client.GetAsync(Uri("/api/v1/logs/export"));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    [Test]
    public async Task Export_StoreAwayMidway_DoesNotPassForAWholeFile()
    {
        var record = (ReadOnlyMemory<byte>)EntryRecord.Encode(Some.Entry(query: new string('q', 60_000)));
        var search = new MemorySearch([.. Enumerable.Repeat(record, 8)], stepEntries: 4)
        {
            Fault = step => step == 1 ? new StoreUnavailableException(StoreFailure.Unreachable) : null,
        };
        _host.Hold(search, 8);

        using var response = await _client.GetAsync(Uri("/api/v1/logs/export?format=csv"), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Assert.ThatAsync(response.Content.ReadAsStringAsync, Throws.InstanceOf<HttpRequestException>());
        Assert.That(search.IsOver, Is.True);
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static IEnumerable<int> Sequences(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("seq").GetInt32());

    private void Find(LogEntry entry, StoredRecord record) =>
        _host.Logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(record, Some.Side(entry))));
}
