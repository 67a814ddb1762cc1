using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Testing;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class LogsControllerTests
{
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _host = new ApiHost();
        _client = _host.CreateSessionClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Create_ValidEntry_AnswersWithTheStoredEntry()
    {
        LogEntry? stored = null;
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .Callback((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) => stored = entries.Single().Entry)
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 41)]);

        using var response = await _client.PutAsJsonAsync(
            "/api/v1/logs", new { query = "SELECT 'zażółć <&> 🙂' + 1", status = "SUCCESS", extra = 1 });

        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        var expected = JsonNode.Parse(EntryRecord.Encode(stored!))!;
        expected["seq"] = 41;
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(text), expected), Is.True, text);
        Assert.That(text, Does.Contain("'zażółć <&>"), "text stays readable");
        Assert.That(stored!.UserId.Value, Is.EqualTo("your_user_id"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
    }

    [Test]
    public async Task Create_IdAndContext_AreServedAfterTheHash()
    {
        LogEntry? stored = null;
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .Callback((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) => stored = entries.Single().Entry)
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 41)]);

        using var response = await _client.PutAsync("/api/v1/logs", Json(
            """{"id":"01890A5D-AC96-774B-BCCE-B302099A8057","query":"q","status":"OK","occurred_at":"2026-03-01T12:00:00Z","attributes":{"b":"2","a":"1"},"extra":{}}"""));

        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        Assert.That(text, Does.StartWith("""{"id":"01890a5d-ac96-774b-bcce-b302099a8057",""").And.EndsWith(
            $$$""","hash":"{{{stored!.Hash.Hex}}}","occurred_at":"2026-03-01T12:00:00.000000Z","attributes":{"a":"1","b":"2"},"seq":41}"""));
    }

    [Test]
    public async Task Create_NothingBesides_ServesNoEmptyMembers()
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 41)]);

        using var response = await _client.PutAsync(
            "/api/v1/logs", Json("""{"id":null,"query":"q","status":"OK","occurred_at":null,"attributes":{}}"""));

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("attributes").And.Not.Contain("occurred_at"));
    }

    [Test]
    public async Task Create_IdOfAnotherEntry_Answers409()
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new Appended(AppendOutcome.Known, 3, EntryRecord.Encode(Some.Entry()))]);

        using var response = await _client.PutAsync(
            "/api/v1/logs", Json("""{"id":"01890a5d-ac96-774b-bcce-b302099a8057","query":"q","status":"OK"}"""));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Conflict, "id_conflict");
    }

    [TestCase("""{"query":"q","status":"OK","id":"1"}""", "id", "must be a UUID")]
    [TestCase("""{"query":"q","status":"OK","id":1}""", "id", "must be a string")]
    [TestCase("""{"query":"q","status":"OK","occurred_at":"2026-03-01"}""", "occurred_at", "RFC 3339")]
    [TestCase("""{"query":"q","status":"OK","occurred_at":1772366400}""", "occurred_at", "must be a string")]
    [TestCase("""{"query":"q","status":"OK","attributes":[]}""", "attributes", "must be an object whose values are strings")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"n":1}}""", "attributes", "has a value under the key 'n' that is not a string")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"a":{"b":"c"}}}""", "attributes", "under the key 'a' that is not a string")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"n":null}}""", "attributes", "'n' that is null")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"n":"1","n":"2"}}""", "attributes", "'n' more than once")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"n":"\ud800"}}""", "attributes", "not valid Unicode")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"\ud800":"n"}}""", "attributes", "keys in valid Unicode")]
    [TestCase("""{"query":"q","status":"OK","attributes":{"":"n"}}""", "attributes", "has a key of 0 characters")]
    public async Task Create_InvalidIdOrContext_SaysWhatIsAccepted(string body, string field, string message)
    {
        using var response = await _client.PutAsync("/api/v1/logs", Json(body));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        var error = problem.GetProperty("errors").EnumerateObject().Single();
        Assert.That(error.Name, Is.EqualTo(field));
        Assert.That(error.Value[0].GetString(), Does.Contain(message));
        _host.Logs.VerifyNoOtherCalls();
    }

    [TestCase("""{"status":"SUCCESS"}""", "query")]
    [TestCase("""{"query":null,"status":"SUCCESS"}""", "query")]
    [TestCase("""{"query":"q","status":"a b"}""", "status")]
    [TestCase("""{"query":1,"status":"OK"}""", "query")]
    [TestCase("""{"query":{"status":"x"},"status":"OK"}""", "query")]
    [TestCase("""{"query":"a","query":"b","status":"OK"}""", "query")]
    [TestCase("""{"query":"\ud800","status":"OK"}""", "query")]
    [TestCase("null", "body")]
    [TestCase("[]", "body")]
    [TestCase("\"text\"", "body")]
    public async Task Create_InvalidEntry_NamesTheField(string body, string field)
    {
        using var response = await _client.PutAsync("/api/v1/logs", Json(body));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        var errors = problem.GetProperty("errors").EnumerateObject().ToList();
        Assert.That(errors.Select(error => error.Name), Is.EqualTo(new[] { field }));
        _host.Logs.VerifyNoOtherCalls();
    }

    [Test]
    public async Task Create_WrongTypes_AreAllNamed()
    {
        using var response = await _client.PutAsync("/api/v1/logs", Json("""{"query":1,"status":[]}"""));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(
            problem.GetProperty("errors").GetRawText(), Is.EqualTo("""{"query":["must be a string"],"status":["must be a string"]}"""));
    }

    [TestCase("", "empty")]
    [TestCase("{", "line 1, byte 2")]
    [TestCase("{\"query\":\"q\",\n \"status\" \"OK\"}", "line 2, byte 11")]
    [TestCase("""{"query":"q","status":"OK"} x""", "line 1, byte 29")]
    [TestCase("""{"query":"q","status":"OK",}""", "line 1, byte 28")]
    public async Task Create_MalformedJson_SaysWhere(string body, string where)
    {
        using var response = await _client.PutAsync("/api/v1/logs", Json(body));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "malformed_json");
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(where));
    }

    [Test]
    public async Task Create_InvalidUtf8_IsRefused()
    {
        byte[] body = [.. "{\"query\":\""u8, 0xC3, 0x28, .. "\",\"status\":\"OK\"}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        using var response = await _client.PutAsync("/api/v1/logs", content);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase(null)]
    public async Task Create_OtherMediaType_SaysWhatIsAccepted(string? type)
    {
        using var content = new ByteArrayContent("""{"query":"q","status":"OK"}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        using var response = await _client.PutAsync("/api/v1/logs", content);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.That(response.Headers.GetValues("Accept"), Is.EqualTo(new[] { "application/json" }));
    }

    [TestCase("PUT", "/api/v1/logs", "gzip")]
    [TestCase("PUT", "/api/v1/logs", "foo")]
    [TestCase("POST", "/api/v1/login", "br")]
    public async Task AnyBody_Packed_SaysThatItIsTakenPlainOnly(string method, string path, string encoding)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Json("{}") };
        request.Content.Headers.ContentEncoding.Add(encoding);

        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_encoding");
        Assert.That(response.Headers.GetValues("Accept-Encoding"), Is.EqualTo(new[] { "identity" }));
        _host.Logs.VerifyNoOtherCalls();
    }

    [Test]
    public async Task Create_EncodingIdentity_IsTaken()
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 0)]);
        using var content = Json("""{"query":"q","status":"OK"}""");
        content.Headers.ContentEncoding.Add("Identity");

        using var response = await _client.PutAsync("/api/v1/logs", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Create_BodyOverTheLimit_Answers413(bool chunked)
    {
        using var content = Json("{\"query\":\"" + new string('q', 512 * 1024) + "\",\"status\":\"OK\"}");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/logs") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        if (chunked) content.Headers.ContentLength = null;

        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Test]
    public async Task Create_LongestQueryFullyEscaped_IsStored()
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 0)]);
        var query = string.Concat(Enumerable.Repeat("\\u0071", QueryText.MaxBytes));

        using var response = await _client.PutAsync("/api/v1/logs", Json("{\"query\":\"" + query + "\",\"status\":\"OK\"}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(StoreFailure.Unreachable, "store_unavailable")]
    [TestCase(StoreFailure.Overloaded, "overloaded")]
    public async Task Create_StoreAway_Answers503WithARetryTime(StoreFailure reason, string code)
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(reason));

        using var response = await _client.PutAsync("/api/v1/logs", Json("""{"query":"q","status":"OK"}"""));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, code);
        Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task Create_OutcomeUnknown_GivesTheIdToAskFor()
    {
        var id = LogId.NewAt(Some.Time);
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.OutcomeUnknown, id));

        using var response = await _client.PutAsync("/api/v1/logs", Json("""{"query":"q","status":"OK"}"""));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "outcome_unknown");
        Assert.That(problem.GetProperty("log_id").GetString(), Is.EqualTo(id.ToString()));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain($"/api/v1/verify/{id}"));
    }

    [Test]
    public async Task Create_FaultInside_SaysNothingOfIt()
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new InvalidOperationException("WRONGTYPE the inside"));

        using var response = await _client.PutAsync("/api/v1/logs", Json("""{"query":"q","status":"OK"}"""));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.InternalServerError, "internal_error");
        Assert.That(problem.GetRawText(), Does.Not.Contain("inside"));
    }

    [Test]
    public async Task Verify_StoredEntry_NeedsNoSession()
    {
        var entry = Some.Entry();
        _host.Logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(7, EntryRecord.Encode(entry)), Some.Side(entry))));
        using var anonymous = _host.CreateClient();

        var text = await anonymous.GetStringAsync(new Uri($"/api/v1/verify/{entry.Id}", UriKind.Relative));

        var token = Some.Hasher.VerificationToken(entry.Id, entry.Hash).Hex;
        Assert.That(text, Is.EqualTo(
            $$$"""{"log_id":"{{{entry.Id}}}","verification":{"valid":true,"verification_token":"{{{token}}}","error":null,"""
            + "\"hash_valid\":true,\"inclusion\":\"pending\",\"log_index\":7,\"tree_size\":0,\"redacted\":false}}"));
    }

    [Test]
    public async Task Verify_ChangedEntry_SaysWhatFailed()
    {
        var entry = Some.Entry(status: "SUCCESS");
        var record = Encoding.UTF8.GetString(EntryRecord.Encode(entry)).Replace("SUCCESS", "FAILURE", StringComparison.Ordinal);
        _host.Logs.Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(7, Encoding.UTF8.GetBytes(record)), Some.Side(entry))));

        var answer = await _client.GetFromJsonAsync<JsonElement>($"/api/v1/verify/{entry.Id}");

        var verification = answer.GetProperty("verification");
        Assert.Multiple(() =>
        {
            Assert.That(verification.GetProperty("valid").GetBoolean(), Is.False);
            Assert.That(verification.GetProperty("verification_token").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(verification.GetProperty("error").GetString(), Does.Contain("hash mismatch"));
        });
    }

    [Test]
    public async Task Verify_DroppedEntry_Answers410()
    {
        var id = LogId.NewAt(Some.Time);
        _host.Logs.Setup(logs => logs.FindAsync(id, It.IsAny<CancellationToken>())).ReturnsAsync(IdLookup.Dropped);

        using var response = await _client.GetAsync(new Uri($"/api/v1/verify/{id}", UriKind.Relative));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Gone, "entry_dropped");
    }

    [Test]
    public async Task Verify_UnknownId_Answers404()
    {
        using var response = await _client.GetAsync(new Uri($"/api/v1/verify/{LogId.NewAt(Some.Time)}", UriKind.Relative));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "not_found");
    }

    [Test]
    public async Task Verify_NoUuid_Answers400()
    {
        using var response = await _client.GetAsync(new Uri("/api/v1/verify/log_uuid", UriKind.Relative));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").TryGetProperty("log_id", out _), Is.True);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
