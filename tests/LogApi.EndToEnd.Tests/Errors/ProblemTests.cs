using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Errors;

/// <summary>Bad requests of every kind, against the running server.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProblemTests
{
    private static readonly (string Method, string Path, string? Type, string? Body, HttpStatusCode Status)[] Bad =
    [
        ("POST", "/api/v1/login", "application/json", "{", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", "null", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", "[]", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", "{}", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", """{"user_id":5}""", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", """{"user_id":"a|b"}""", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "application/json", """{"user_id":"\ud800"}""", HttpStatusCode.BadRequest),
        ("POST", "/api/v1/login", "text/plain", "ada", HttpStatusCode.UnsupportedMediaType),
        ("POST", "/api/v1/login", null, null, HttpStatusCode.UnsupportedMediaType),
        ("DELETE", "/api/v1/login", null, null, HttpStatusCode.MethodNotAllowed),
        ("PUT", "/api/v1/logs", "application/json", """{"query":"","status":"SUCCESS"}""", HttpStatusCode.BadRequest),
        ("PUT", "/api/v1/logs", "application/json", """{"query":"q","status":"no space"}""", HttpStatusCode.BadRequest),
        ("PUT", "/api/v1/logs", "application/json", """{"query":"q","query":"r","status":"S"}""", HttpStatusCode.BadRequest),
        ("GET", "/api/v1/verify/not-a-uuid", null, null, HttpStatusCode.BadRequest),
        ("GET", "/api/v1/verify/00000000-0000-7000-8000-000000000000", null, null, HttpStatusCode.NotFound),
        ("GET", "/nowhere", null, null, HttpStatusCode.NotFound),
        ("GET", "/ws/logs?limit=0", null, null, HttpStatusCode.BadRequest),
        ("GET", "/ws/logs?limit=many", null, null, HttpStatusCode.BadRequest),
        ("GET", "/ws/logs?offset=-1", null, null, HttpStatusCode.BadRequest),
        ("GET", "/ws/stream?user_id=a%7Cb", null, null, HttpStatusCode.BadRequest),
    ];

    private Service _service = null!;

    [OneTimeSetUp]
    public async Task StartServiceAsync() => _service = await Service.StartAsync(StoreKind.Embedded);

    [OneTimeTearDown]
    public async Task StopServiceAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    [Test]
    public async Task BadRequests_OfEveryKind_AreProblemsThatTellNothingOfTheInside()
    {
        using var client = await _service.Server.LoginAsync("ada");
        var large = $$"""{"query":"{{new string('x', 2_000_000)}}","status":"SUCCESS"}""";
        foreach (var (method, path, type, body, status) in
            Bad.Append(("PUT", "/api/v1/logs", "application/json", large, HttpStatusCode.RequestEntityTooLarge)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (path.StartsWith("/ws/", StringComparison.Ordinal)) AskForUpgrade(request);
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type!));
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();

            Assert.That(response.StatusCode, Is.EqualTo(status), $"{method} {path} {body?[..Math.Min(body.Length, 60)]}: {text}");
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), $"{method} {path}");
            var problem = JsonDocument.Parse(text).RootElement;
            foreach (var member in (string[])["type", "title", "status", "detail", "instance", "code", "trace_id"])
                Assert.That(problem.TryGetProperty(member, out _), $"{method} {path} lacks {member}: {text}");
            Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
            Assert.That(text, Does.Not.Contain("LogApi.").And.Not.Contain("System.").And.Not.Contain("   at "));
            if (status == HttpStatusCode.MethodNotAllowed) Assert.That(response.Content.Headers.Allow, Is.Not.Empty);
        }
    }

    [TestCase(null, "Bearer realm=\"logapi\"")]
    [TestCase("Bearer nonsense", "Bearer realm=\"logapi\", error=\"invalid_token\"")]
    [TestCase("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer realm=\"logapi\", error=\"invalid_token\"")]
    public async Task Write_WithoutASession_Is401WithTheRightChallenge(string? authorization, string challenge)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/logs");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Content = new StringContent("""{"query":"q","status":"S"}""", Encoding.UTF8, "application/json");

        using var response = await _service.Server.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(challenge));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
    }

    private static void AskForUpgrade(HttpRequestMessage request)
    {
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }
}
