using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class BatchControllerTests
{
    private const string Path = "/api/v1/logs/batch";
    private const string One = """{"query":"SELECT 1","status":"OK"}""";
    private const string Lines = "application/x-ndjson";
    private const string Array = "application/json";

    private readonly List<LogEntry> _stored = [];
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _stored.Clear();
        _host = new ApiHost(("BATCH_MAX_ENTRIES", "1000"), ("BATCH_MAX_BYTES", "100000"));
        _client = _host.CreateSessionClient();
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Wait, It.IsAny<CancellationToken>()))
            .ReturnsAsync((IReadOnlyList<NewEntry> entries, WhenFull _, CancellationToken _) =>
            {
                _stored.AddRange(entries.Select(added => added.Entry));
                var first = _stored.Count - entries.Count;
                return [.. entries.Select((_, i) => new Appended(AppendOutcome.Stored, first + i))];
            });
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [TestCase(Array, "[{0},{0}]")]
    [TestCase(Lines, "{0}\n{0}\n")]
    [TestCase("application/jsonl", "{0}\r\n\r\n{0}")]
    [TestCase("application/x-ndjson; charset=UTF-8", "{0}\n{0}")]
    public async Task Create_ArrayOrLines_AnswersWithAResultForEach(string type, string body)
    {
        using var response = await SendAsync(type, body.Replace("{0}", One, StringComparison.Ordinal));

        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        var results = string.Join(',', _stored.Select((entry, i) =>
            $$"""{"index":{{i}},"status":200,"id":"{{entry.Id}}","seq":{{i}},"hash":"{{entry.Hash.Hex}}"}"""));
        Assert.That(text, Is.EqualTo($$"""{"accepted":2,"rejected":0,"results":[{{results}}]}"""));
        Assert.That(_stored.Select(entry => entry.UserId), Is.All.EqualTo(_host.User));
    }

    [Test]
    public async Task Create_BadItems_RejectNoneOfTheirNeighbours()
    {
        string[] lines = [One, "{bad", """{"query":1,"status":[]}""", """{"query":"q","status":"a b"}""", "[]", One];

        var answer = await AnswerAsync(await SendAsync(Lines, string.Join('\n', lines)));

        var results = answer.GetProperty("results").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("accepted").GetInt32(), Is.EqualTo(2));
            Assert.That(answer.GetProperty("rejected").GetInt32(), Is.EqualTo(4));
            Assert.That(results.Select(result => result.GetProperty("index").GetInt32()), Is.EqualTo(Enumerable.Range(0, 6)));
            Assert.That(results.Select(result => result.GetProperty("status").GetInt32()), Is.EqualTo(new[] { 200, 400, 400, 400, 400, 200 }));
            Assert.That(CodeOf(results[1]), Is.EqualTo("malformed_json"));
            Assert.That(CodeOf(results[2]), Is.EqualTo("invalid_request"));
            Assert.That(
                results[2].GetProperty("problem").GetProperty("errors").GetRawText(),
                Is.EqualTo("""{"query":["must be a string"],"status":["must be a string"]}"""));
            Assert.That(
                results[3].GetProperty("problem").GetProperty("errors").GetProperty("status")[0].GetString(),
                Is.EqualTo(LogStatus.Check("a b")));
            Assert.That(results[4].GetProperty("problem").GetProperty("errors").TryGetProperty("item", out _), Is.True);
        });
    }

    [Test]
    public async Task Create_PrefersMinimal_LeavesTheAcceptedOut()
    {
        using var request = Request(Lines, $"{One}\n[]\n{One}");
        request.Headers.Add("Prefer", "respond-async, return=minimal; x=y");

        using var response = await _client.SendAsync(request);

        var answer = await AnswerAsync(response);
        Assert.That(answer.GetProperty("accepted").GetInt32(), Is.EqualTo(2));
        Assert.That(answer.GetProperty("results").EnumerateArray().Single().GetProperty("index").GetInt32(), Is.EqualTo(1));
        Assert.That(response.Headers.GetValues("Preference-Applied"), Is.EqualTo(new[] { "return=minimal" }));
    }

    [Test]
    public async Task Create_ArrayBreaksOff_StoresWhatCameBeforeAndSaysWhereItEnds()
    {
        using var response = await SendAsync(Array, $"[{One},5,{One},{{\"query\"}}, {One}]");

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "malformed_json");
        Assert.That(problem.GetProperty("unread_from").GetInt32(), Is.EqualTo(3));
        Assert.That(problem.GetProperty("accepted").GetInt32(), Is.EqualTo(2));
        Assert.That(problem.GetProperty("rejected").GetInt32(), Is.EqualTo(1));
        Assert.That(problem.GetProperty("results").GetArrayLength(), Is.EqualTo(3));
        Assert.That(_stored, Has.Count.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("nonsense")]
    public async Task Create_NoArrayAtAll_IsAPlainProblem(string body)
    {
        using var response = await SendAsync(Array, body);

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "malformed_json");
        Assert.That(problem.TryGetProperty("results", out _), Is.False);
    }

    [TestCase(Array, "[]")]
    [TestCase(Lines, "\n\n")]
    public async Task Create_NoItems_StoresNothing(string type, string body)
    {
        using var response = await SendAsync(type, body);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"accepted":0,"rejected":0,"results":[]}"""));
        _host.Logs.VerifyNoOtherCalls();
    }

    [Test]
    public async Task Create_MoreItemsThanMayBe_StoresAsManyAsMayBeAndAnswers413()
    {
        using var response = await SendAsync(Lines, string.Join('\n', Enumerable.Repeat(One, 1001)));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.That(problem.GetProperty("unread_from").GetInt32(), Is.EqualTo(1000));
        Assert.That(problem.GetProperty("accepted").GetInt32(), Is.EqualTo(1000));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("BATCH_MAX_ENTRIES"));
        Assert.That(_stored, Has.Count.EqualTo(1000));
    }

    [Test]
    public async Task Create_LengthOverTheLimit_StoresNothing()
    {
        using var response = await SendAsync(Lines, One + new string('\n', 100_000));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.That(problem.TryGetProperty("results", out _), Is.False);
        _host.Logs.VerifyNoOtherCalls();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Create_PackedOrOfUnknownLength_OverTheLimitAnswers413(bool packed)
    {
        var body = Encoding.UTF8.GetBytes(One + new string('\n', 100_000));
        using var request = Request(Lines, packed ? Gzip(body) : body);
        if (packed) request.Content!.Headers.ContentEncoding.Add("gzip");
        else (request.Headers.TransferEncodingChunked, request.Content!.Headers.ContentLength) = (true, null);

        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Test]
    public async Task Create_PackedBody_IsUnpacked()
    {
        using var request = Request(Lines, Gzip(Encoding.UTF8.GetBytes($"{One}\n{One}")));
        request.Content!.Headers.ContentEncoding.Add("gzip");

        using var response = await _client.SendAsync(request);

        Assert.That((await AnswerAsync(response)).GetProperty("accepted").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Create_OtherEncoding_SaysWhatIsAccepted()
    {
        using var request = Request(Lines, One);
        request.Content!.Headers.ContentEncoding.Add("deflate");

        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_encoding");
        Assert.That(response.Headers.GetValues("Accept-Encoding"), Is.EqualTo(new[] { "gzip", "br", "zstd" }).Or.EqualTo(new[] { "gzip, br, zstd" }));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-ndjson; charset=utf-16")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task Create_OtherMediaType_SaysWhatIsAccepted(string type)
    {
        using var response = await SendAsync(type, One);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.That(string.Join(", ", response.Headers.GetValues("Accept")), Is.EqualTo("application/json, application/x-ndjson"));
    }

    [TestCase(StoreFailure.Unreachable, "store_unavailable")]
    [TestCase(StoreFailure.Overloaded, "overloaded")]
    [TestCase(StoreFailure.OutcomeUnknown, "outcome_unknown")]
    public async Task Create_StoreIsAway_IsA503AsAWhole(StoreFailure reason, string code)
    {
        _host.Logs.Setup(logs => logs.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Wait, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(reason));

        using var response = await SendAsync(Lines, $"[]\n{One}");

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, code);
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        Assert.That(problem.GetProperty("results")[0].GetProperty("status").GetInt32(), Is.EqualTo(400));
        var item = problem.GetProperty("results")[1].GetProperty("problem");
        Assert.That(item.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(item.TryGetProperty("log_id", out _), Is.EqualTo(reason == StoreFailure.OutcomeUnknown));
    }

    [Test]
    public async Task Create_WithoutSession_Answers401()
    {
        using var anonymous = _host.CreateClient();

        using var response = await anonymous.PostAsync(Path, new StringContent(One, Encoding.UTF8, Lines));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static string? CodeOf(JsonElement result) => result.GetProperty("problem").GetProperty("code").GetString();

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static HttpRequestMessage Request(string type, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        return new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
    }

    private static HttpRequestMessage Request(string type, string body) => Request(type, Encoding.UTF8.GetBytes(body));

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }

    private async Task<HttpResponseMessage> SendAsync(string type, string body)
    {
        using var request = Request(type, body);
        return await _client.SendAsync(request);
    }
}
