using System.Net;
using LogApi.Web.Errors;
using LogApi.Web.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogApi.Web.Tests.Errors;

public sealed class ErrorMiddlewareTests
{
    private ApiHost _host;
    private HttpClient _client;

    [OneTimeSetUp]
    public void Start()
    {
        _host = new ApiHost(("CORS_ORIGINS", "https://app.example.com, http://localhost:3000"));
        _client = _host.CreateClient();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [TestCase("/nothing/here")]
    [TestCase("/api/v1/")]
    [TestCase("/api/v1/verify/a/b")]
    public async Task UnknownPath_Anybody_Answers404(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.NotFound, "unknown_path");
    }

    [TestCase("GET", "/api/v1/login", "POST")]
    [TestCase("POST", "/api/v1/logs", "GET,PUT")]
    [TestCase("DELETE", "/api/v1/verify/x", "GET")]
    [TestCase("GET", "/api/v1/logs/batch", "POST")]
    [TestCase("DELETE", "/api/v1/logs/Batch", "POST")]
    [TestCase("POST", "/api/v1/logs/batch-1", "GET")]
    public async Task WrongMethod_Anybody_Answers405WithAllow(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.That(response.Content.Headers.Allow, Is.EquivalentTo(allowed.Split(',')));
    }

    [Test]
    public async Task Accept_OtherTypes_StillGetsJson()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
    }

    [TestCase("https://app.example.com", "https://app.example.com")]
    [TestCase("https://evil.example.com", null)]
    public async Task Failure_FromAPage_KeepsTheOriginsHeaders(string origin, string? allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logout");
        request.Headers.Add("Origin", origin);
        using var response = await _client.SendAsync(request);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Unauthorized, "unauthenticated");
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values);
        Assert.That(values?.Single(), Is.EqualTo(allowed));
    }

    [Test]
    public async Task Preflight_AllowedOrigin_MayPutWithAToken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/logs");
        request.Headers.Add("Origin", "http://localhost:3000");
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var response = await _client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Methods").Single(), Does.Contain("PUT"));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Headers").Single(), Does.Contain("authorization"));
    }

    [Test]
    public async Task Invoke_ClientGone_IsNoFailureOfTheService()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var context = new DefaultHttpContext { RequestAborted = gone.Token };
        var middleware = new ErrorMiddleware(
            aborted => Task.FromCanceled(aborted.RequestAborted), NullLogger<ErrorMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        Assert.That(context.Response.StatusCode, Is.EqualTo(StatusCodes.Status499ClientClosedRequest));
    }
}
