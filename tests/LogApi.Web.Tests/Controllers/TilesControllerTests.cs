using System.IO.Compression;
using System.Net;
using LogApi.Domain.Transparency;
using LogApi.Testing;
using LogApi.Web.Tests.Hosting;

namespace LogApi.Web.Tests.Controllers;

public sealed class TilesControllerTests
{
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _host = new ApiHost(("CORS_ORIGINS", "https://console.example"));
        _client = _host.CreateClient();
        _host.Tree.Publish(Some.Entries(300));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Checkpoint_Published_IsTheSignedNoteToTheByte()
    {
        using var response = await _client.GetAsync(Uri("/checkpoint"));
        var text = await response.Content.ReadAsStringAsync();

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=1"));
        Assert.That(text, Is.EqualTo(_host.Tree.Stored!.Note.ToString()));
        Assert.That(text, Does.StartWith("logs.example.org/audit\n300\n"));
    }

    [Test]
    public async Task Checkpoint_TagIsKnown_Answers304()
    {
        using var first = await _client.GetAsync(Uri("/checkpoint"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/checkpoint");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var same = await _client.SendAsync(request);
        _host.Tree.Publish(Some.Entry());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/checkpoint");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var next = await _client.SendAsync(again);

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(next.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Checkpoint_BeforeTheFirst_IsAProblem()
    {
        _host.Tree.Stored = null;
        using var response = await _client.GetAsync(Uri("/checkpoint"));
        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "not_found");
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }

    [TestCase("/tile/0/000", 256)]
    [TestCase("/tile/0/001.p/44", 44)]
    [TestCase("/tile/1/000.p/1", 1)]
    public async Task Tile_Published_IsItsHashesForEver(string path, int width)
    {
        using var response = await _client.GetAsync(Uri(path));

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/octet-stream"));
        Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=31536000, immutable"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Has.Length.EqualTo(32 * width));
    }

    [TestCase("/tile/0/001")]
    [TestCase("/tile/0/001.p/45")]
    [TestCase("/tile/1/000")]
    [TestCase("/tile/0/0")]
    [TestCase("/tile/0/000/")]
    [TestCase("/tile/0/000.p/044")]
    [TestCase("/tile/0/")]
    [TestCase("/tile/00/000")]
    [TestCase("/tile/64/000.p/1")]
    [TestCase("/tile/entries/001")]
    [TestCase("/tile/entries/1")]
    [TestCase("/tile/entries/")]
    public async Task Tile_NotPublished_IsAProblemThatNobodyKeeps(string path)
    {
        using var response = await _client.GetAsync(Uri(path));
        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "not_found");
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task Tile_GoneFromTheStore_IsAProblemThatNamesIt()
    {
        _host.Tree.Read = (_, _) => [];
        using var response = await _client.GetAsync(Uri("/tile/0/000"));
        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.InternalServerError, "tree_damaged");
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("0/000"));
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }

    [TestCase("gzip", true)]
    [TestCase("br, gzip;q=0.5", true)]
    [TestCase("*", true)]
    [TestCase("gzip;q=0, *", false)]
    [TestCase("identity", false)]
    [TestCase(null, false)]
    public async Task Entries_Accepted_IsPacked(string? accepted, bool isPacked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tile/entries/000");
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await _client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(isPacked ? new[] { "gzip" } : []));
        Assert.That(response.Headers.Vary, Is.EqualTo(["Accept-Encoding"]));
        Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=31536000, immutable"));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using var plain = isPacked ? new GZipStream(body, CompressionMode.Decompress) : body;
        var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes);
        Assert.That(bytes.ToArray(), Is.EqualTo(LogLeaf.Bundle(
            _host.Tree.Leaves.Take(256).Select(leaf => (ReadOnlyMemory<byte>)leaf!.Encode()))));
    }

    [TestCase("/checkpoint")]
    [TestCase("/tile/0/000")]
    [TestCase("/tile/entries/000")]
    public async Task Head_Anything_HasTheHeadersOfGetAndNoBody(string path)
    {
        using var get = await _client.GetAsync(Uri(path));
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await _client.SendAsync(request);

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
        Assert.That(head.Headers.CacheControl, Is.EqualTo(get.Headers.CacheControl));
    }

    [TestCase("/checkpoint", true)]
    [TestCase("/tile/0/000", true)]
    [TestCase("/tile/entries/000", true)]
    [TestCase("/api/v1/transparency", false)]
    [TestCase("/api/v1/logs", false)]
    public async Task Cors_AnyPage_MayReadTheOpenFormatsOnly(string path, bool isOpen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", "https://auditor.example");
        using var response = await _client.SendAsync(request);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", "https://auditor.example");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        preflight.Headers.Add("Access-Control-Request-Headers", "if-none-match");
        using var allowed = await _client.SendAsync(preflight);

        foreach (var answer in new[] { response, allowed })
        {
            Assert.That(
                answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins : [],
                isOpen ? Is.EqualTo(["*"]) : Is.Empty);
        }

        Assert.That(allowed.Headers.Contains("Access-Control-Allow-Headers"), Is.EqualTo(isOpen));
    }

    [TestCase("/checkpoint", 200)]
    [TestCase("/tile/0/000", 200)]
    [TestCase("/tile/entries/000", 200)]
    [TestCase("/tile/0/001", 404)]
    public async Task Cors_RequestWithoutOrigin_IsOpenToThePageThatACacheGivesTheAnswer(string path, int status)
    {
        using var response = await _client.GetAsync(Uri(path));
        using var ofPage = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Origin", "https://auditor.example" } } };
        using var other = await _client.SendAsync(ofPage);

        foreach (var answer in new[] { response, other })
        {
            Assert.That((int)answer.StatusCode, Is.EqualTo(status));
            Assert.That(answer.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(["*"]));
            Assert.That(answer.Headers.GetValues("Access-Control-Expose-Headers"), Is.EqualTo(["ETag"]));
        }
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
