using System.Net;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Web.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace LogApi.Web.Tests.Authentication;

public sealed class SessionAuthenticationTests
{
    private const string Challenge = "Bearer realm=\"logapi\"";

    private static readonly string[] Anonymous =
    [
        "", "/", "api/v1/login", "GET api/v1/logs", "api/v1/logs/export", "api/v1/logs/stream", "api/v1/logs/{id}", "api/v1/logs/{id}/proof", "api/v1/stats",
        "api/v1/transparency", "api/v1/transparency/consistency", "api/v1/verify", "api/v1/verify/{log_id}", "checkpoint", "docs",
        "health/live", "health/ready", "openapi", "problems/{code}", "tile", "ws",
    ];

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

    [TestCase(null)]
    [TestCase("Basic dTpw")]
    [TestCase("Bearerx")]
    public async Task Authenticate_NoToken_AsksForOne(string? header)
    {
        using var response = await SendAsync(header);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(Challenge));
    }

    [TestCase("Bearer")]
    [TestCase("Bearer abc")]
    [TestCase("bearer <your_token>")]
    [TestCase("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Authenticate_WrongToken_SaysSo(string header)
    {
        using var response = await SendAsync(header);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.Unauthorized, "invalid_token");
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(Challenge + ", error=\"invalid_token\""));
    }

    [TestCase("Bearer ")]
    [TestCase("bearer ")]
    [TestCase("BEARER  ")]
    public async Task Authenticate_Token_IsTakenWhateverTheSchemesCase(string scheme)
    {
        using var response = await SendAsync(scheme + _host.Token.Text);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Authenticate_StoreAway_Answers503()
    {
        _host.Sessions.Setup(sessions => sessions.FindAsync(It.IsAny<SessionToken>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.Unreachable));

        using var response = await SendAsync("Bearer " + _host.Token.Text);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    [Test]
    public void Endpoints_AllButTheNamedOnes_AskForASession()
    {
        var open = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || endpoint.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(endpoint => (
                Path: RouteText.Of(endpoint),
                Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(found => !Anonymous.Contains(found.Path) && !Anonymous.Contains(found.Path.Split('/')[0])
                && !(found.Methods.Count > 0 && found.Methods.All(method => Anonymous.Contains($"{method} {found.Path}"))));

        Assert.That(open, Is.Empty);
    }

    private async Task<HttpResponseMessage> SendAsync(string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logout");
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
        return await _client.SendAsync(request);
    }
}
