using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Application.Sessions.Login;
using LogApi.Domain.Entries;
using Microsoft.Extensions.Options;
using Moq;

namespace LogApi.Application.Tests.Sessions.Login;

public sealed class LoginCommandTests
{
    private readonly Mock<ISessionStore> _sessions = new(MockBehavior.Strict);
    private SessionToken? _started;

    [Test]
    public async Task Handle_User_StartsASessionOfTheSetLifetimeAndGivesItsToken()
    {
        var answer = await LoginAsync(minutes: 5);
        Assert.That(answer.AccessToken, Is.EqualTo(_started!.Text));
        Assert.That(answer.TokenType, Is.EqualTo("bearer"));
        Assert.That(answer.ExpiresIn, Is.EqualTo(300));
    }

    [Test]
    public async Task Handle_LongestLifetime_IsCountedInSeconds() =>
        Assert.That((await LoginAsync(minutes: 43_200)).ExpiresIn, Is.EqualTo(2_592_000));

    [Test]
    public async Task Handle_Twice_GivesDifferentTokens()
    {
        var first = await LoginAsync(5);
        var second = await LoginAsync(5);
        Assert.That(second.AccessToken, Is.Not.EqualTo(first.AccessToken));
    }

    [Test]
    public async Task ToString_Response_DoesNotShowTheToken()
    {
        var answer = await LoginAsync(5);
        Assert.That(answer.ToString(), Does.Not.Contain(answer.AccessToken));
    }

    [Test]
    public void Validate_RefusedUser_NamesTheField()
    {
        var failures = new LoginCommandValidator().Validate(new LoginCommand("a\nb")).ToDictionary();
        Assert.That(failures.Keys, Is.EqualTo(["user_id"]));
        Assert.That(failures["user_id"], Is.EqualTo(["must not contain control characters"]));
    }

    [TestCase("logapi:")]
    [TestCase("logapi:retention")]
    [TestCase("LogApi:retention")]
    public void Validate_UserOfTheServiceItself_IsRefused(string userId)
    {
        var failures = new LoginCommandValidator().Validate(new LoginCommand(userId)).ToDictionary();
        Assert.That(failures["user_id"], Has.One.Contains("reserved"));
    }

    [TestCase("logapi")]
    [TestCase("ada@logapi:x")]
    public void Validate_UserWithASimilarName_Passes(string userId) =>
        Assert.That(new LoginCommandValidator().Validate(new LoginCommand(userId)).IsValid);

    private async Task<LoginResponse> LoginAsync(int minutes)
    {
        _sessions.Setup(sessions => sessions.StartAsync(
                It.IsAny<SessionToken>(), UserId.Create("u"), TimeSpan.FromMinutes(minutes), It.IsAny<CancellationToken>()))
            .Callback((SessionToken token, UserId _, TimeSpan _, CancellationToken _) => _started = token)
            .Returns(Task.CompletedTask);
        var handler = new LoginCommandHandler(_sessions.Object, Options.Create(new SessionOptions { ExpireMinutes = minutes }));
        var result = await handler.Handle(new LoginCommand("u"), CancellationToken.None);
        Assert.That(result.TryGet(out var answer, out _), Is.True);
        return answer!;
    }
}
