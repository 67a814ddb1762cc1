using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class SessionsControllerTests
{
    private ApiHost _host;

    [SetUp]
    public void Start() => _host = new ApiHost(("ACCESS_TOKEN_EXPIRE_MINUTES", "45"));

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Login_User_GivesATokenThatNoCacheKeeps()
    {
        using var client = _host.CreateClient();

        using var response = await client.PostAsJsonAsync("/api/v1/login", new { user_id = "app_user" });

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var token = answer.GetProperty("access_token").GetString();
        Assert.Multiple(() =>
        {
            Assert.That(SessionToken.TryParse(token, out _), Is.True);
            Assert.That(answer.GetProperty("token_type").GetString(), Is.EqualTo("bearer"));
            Assert.That(answer.GetProperty("expires_in").GetInt32(), Is.EqualTo(45 * 60));
            Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        });
        _host.Sessions.Verify(sessions => sessions.StartAsync(
            It.Is<SessionToken>(started => started.Text == token),
            UserId.Create("app_user"), TimeSpan.FromMinutes(45), It.IsAny<CancellationToken>()));
    }

    [Test]
    public async Task Login_StaleToken_IsNotLookedAt()
    {
        _host.Sessions.Setup(sessions => sessions.FindAsync(It.IsAny<SessionToken>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.Unreachable));
        using var client = _host.CreateSessionClient();

        using var response = await client.PostAsJsonAsync("/api/v1/login", new { user_id = "app_user" });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Login_InvalidUser_NamesTheField()
    {
        using var client = _host.CreateClient();

        using var response = await client.PostAsJsonAsync("/api/v1/login", new { user_id = "a|b" });

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").GetProperty("user_id")[0].GetString(), Does.Contain("'|'"));
        Assert.That(problem.GetProperty("detail").GetString(), Does.StartWith("user_id must not contain"));
    }

    [Test]
    public async Task Logout_Session_EndsIt()
    {
        using var client = _host.CreateSessionClient();

        using var response = await client.PostAsync("/api/v1/logout", content: null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        _host.Sessions.Verify(sessions => sessions.EndAsync(
            It.Is<SessionToken>(token => token.Text == _host.Token.Text), It.IsAny<CancellationToken>()));
    }
}
