using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class TransparencyControllerTests
{
    private readonly IReadOnlyList<LogEntry> _entries = Some.Entries(300);
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _host = new ApiHost();
        _client = _host.CreateClient();
        _host.Tree.Publish(_entries);
        Store(_entries[70], 70);
        _host.Logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", 300));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Get_Anybody_SaysWhatAnAuditorNeeds()
    {
        var log = await _client.GetFromJsonAsync<JsonElement>("/api/v1/transparency");

        Assert.That(log.GetProperty("vkey").GetString(), Is.EqualTo(Some.VerifierKey));
        Assert.That((log.GetProperty("origin").GetString(), log.GetProperty("tree_size").GetInt32()), Is.EqualTo(("logs.example.org/audit", 300)));
        Assert.That(log.GetProperty("checkpoint_interval_ms").GetInt32(), Is.EqualTo(1000));
        Assert.That(log.GetProperty("retention").GetRawText(), Is.EqualTo("""{"days":null,"max_entries":null,"first_seq":0}"""));
        Assert.That(log.GetProperty("integrity").GetRawText(), Is.EqualTo("""{"state":"ok","reason":null}"""));
    }

    [Test]
    public async Task Consistency_TwoSizes_IsAProof()
    {
        var proof = await _client.GetFromJsonAsync<JsonElement>("/api/v1/transparency/consistency?from=100");
        Assert.That((proof.GetProperty("from").GetInt32(), proof.GetProperty("to").GetInt32()), Is.EqualTo((100, 300)));
        Assert.That(proof.GetProperty("hashes").GetArrayLength(), Is.Positive);
    }

    [TestCase("", "from")]
    [TestCase("?from=0", "from")]
    [TestCase("?from=301", "from")]
    [TestCase("?from=one", "from")]
    [TestCase("?from=2&to=1", "to")]
    [TestCase("?from=2&to=301", "to")]
    [TestCase("?from=1&from=2", "from")]
    [TestCase("?from=1&to=2&to=2", "to")]
    public async Task Consistency_BadSize_NamesIt(string query, string field)
    {
        using var response = await _client.GetAsync(Uri("/api/v1/transparency/consistency" + query));
        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").EnumerateObject().Select(error => error.Name), Is.EqualTo([field]));
    }

    [Test]
    public async Task Proof_ExtraTwice_IsRefused()
    {
        using var response = await _client.GetAsync(Uri($"/api/v1/logs/{_entries[70].Id}/proof?extra=false&extra=true"));
        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").EnumerateObject().Select(error => error.Name), Is.EqualTo(["extra"]));
    }

    [TestCase("")]
    [TestCase("?extra=true")]
    public async Task Proof_File_ProvesTheEntry(string query)
    {
        using var response = await _client.GetAsync(Uri($"/api/v1/logs/{_entries[70].Id}/proof{query}"));

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Does.Contain($"{_entries[70].Id}.tlog-proof"));
        Assert.That(InclusionProofFile.TryParse(await response.Content.ReadAsStringAsync(), out var file), Is.True);
        Assert.That(Checkpoint.TryParse(file!.Checkpoint.Text, out var checkpoint), Is.True);
        var leaf = TreeHash.OfLeaf(LogLeaf.Of(_entries[70], Some.Salt).Encode());
        Assert.That(TreeProof.IsIncluded(file.Index, checkpoint!.Size, leaf, [.. file.Hashes], checkpoint.Root), Is.True);
        if (query.Length == 0)
        {
            Assert.That(file.Extra.IsEmpty, Is.True);
            return;
        }

        var extra = JsonDocument.Parse(file.Extra).RootElement;
        Assert.That(extra.GetProperty("salt").GetBytesFromBase64(), Is.EqualTo(Some.Salt));
        Assert.That(extra.GetProperty("entry").GetProperty("query").GetString(), Is.EqualTo(_entries[70].Query.Value));
        Assert.That(extra.GetProperty("entry").GetProperty("seq").GetInt32(), Is.EqualTo(70));
    }

    [TestCase("application/json", true)]
    [TestCase("text/plain;q=0.1, application/json", true)]
    [TestCase("application/json;q=0.1, text/plain", false)]
    [TestCase("*/*", false)]
    public async Task Proof_Accept_SaysTheForm(string accept, bool isJson)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs/{_entries[70].Id}/proof");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(isJson ? "application/json" : "text/plain"));
        Assert.That(response.Headers.Vary, Is.EqualTo(["Accept"]));
        if (!isJson) return;
        var proof = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That((proof.GetProperty("log_index").GetInt32(), proof.GetProperty("tree_size").GetInt32()), Is.EqualTo((70, 300)));
        Assert.That(proof.GetProperty("leaf").GetString(), Does.StartWith($"logapi/v1\n{_entries[70].Id}\n"));
        Assert.That(proof.GetProperty("salt").GetBytesFromBase64(), Is.EqualTo(Some.Salt));
        Assert.That(proof.GetProperty("checkpoint").GetString(), Is.EqualTo(_host.Tree.Stored!.Note.ToString()));
    }

    [Test]
    public async Task Proof_NotCoveredYet_SaysWhenToAskAgain()
    {
        var entry = Some.Entry();
        Store(entry, 300);
        using var response = await _client.GetAsync(Uri($"/api/v1/logs/{entry.Id}/proof"));
        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "proof_pending");
        Assert.That(response.Headers.RetryAfter!.ToString(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Verify_EntryInTheTree_SaysSo()
    {
        var answer = (await _client.GetFromJsonAsync<JsonElement>($"/api/v1/verify/{_entries[70].Id}")).GetProperty("verification");
        Assert.That(answer.EnumerateObject().Select(member => member.Name), Is.EqualTo(
            ["valid", "verification_token", "error", "hash_valid", "inclusion", "log_index", "tree_size", "redacted"]));
        Assert.That((answer.GetProperty("valid").GetBoolean(), answer.GetProperty("inclusion").GetString()), Is.EqualTo((true, "included")));
    }

    [Test]
    public async Task VerifyGiven_AnEntryAsServed_Matches()
    {
        var served = JsonDocument.Parse(EntryRecord.Encode(_entries[70])).RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => (object)member.Value);
        foreach (var (name, value) in new Dictionary<string, object>
                 {
                     ["seq"] = 70, ["log_index"] = 70, ["salt"] = Some.Salt, ["inclusion"] = new[] { "x" }, ["type"] = "log", ["more"] = 1,
                 })
        {
            served[name] = value;
            using var response = await _client.PostAsJsonAsync("/api/v1/verify", served);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That(answer.GetProperty("matches").ValueKind, Is.EqualTo(JsonValueKind.True), answer.GetRawText());
            Assert.That(answer.GetProperty("differences").GetArrayLength(), Is.Zero);
        }
    }

    [TestCase("""{"id":7}""", "id")]
    [TestCase("""{"id":"x"}""", "id")]
    [TestCase("""{"seq":"7"}""", "seq")]
    [TestCase("""{"log_index":7.5}""", "log_index")]
    [TestCase("""{"salt":"AAAA"}""", "salt")]
    [TestCase("""{"salt":7}""", "salt")]
    [TestCase("""{"redacted":"yes"}""", "redacted")]
    [TestCase("""{"attributes":{"a":1}}""", "attributes")]
    [TestCase("""{"commitment":"AAAA"}""", "commitment")]
    [TestCase("""{}""", "hash")]
    [TestCase("""[]""", "body")]
    public async Task VerifyGiven_WrongForm_NamesTheField(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(Uri("/api/v1/verify"), content);
        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").EnumerateObject().Select(error => error.Name), Does.Contain(field));
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private void Store(LogEntry entry, long sequence) => _host.Logs
        .Setup(logs => logs.FindAsync(entry.Id, It.IsAny<CancellationToken>()))
        .ReturnsAsync(IdLookup.Stored(new FoundRecord(new StoredRecord(sequence, EntryRecord.Encode(entry)), Some.Side(entry))));
}
