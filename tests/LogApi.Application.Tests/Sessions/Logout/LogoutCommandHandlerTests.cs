using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Sessions.Logout;
using Moq;

namespace LogApi.Application.Tests.Sessions.Logout;

public sealed class LogoutCommandHandlerTests
{
    [Test]
    public async Task Handle_Token_EndsThatSession()
    {
        var (token, sessions) = (SessionToken.New(), new Mock<ISessionStore>(MockBehavior.Strict));
        sessions.Setup(store => store.EndAsync(token, It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        var result = await new LogoutCommandHandler(sessions.Object).Handle(new LogoutCommand(token), CancellationToken.None);
        Assert.That(result.Error, Is.Null);
        sessions.VerifyAll();
    }

    [Test]
    public async Task Handle_StoreAway_DoesNotSayItEnded()
    {
        var sessions = new Mock<ISessionStore>();
        sessions.Setup(store => store.EndAsync(It.IsAny<SessionToken>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.Unreachable));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => new LogoutCommandHandler(sessions.Object).Handle(new LogoutCommand(SessionToken.New()), CancellationToken.None));
    }
}
