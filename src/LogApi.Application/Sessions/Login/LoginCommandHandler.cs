using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using MediatR;
using Microsoft.Extensions.Options;

namespace LogApi.Application.Sessions.Login;

internal sealed class LoginCommandHandler(ISessionStore sessions, IOptions<SessionOptions> options)
    : IRequestHandler<LoginCommand, Result<LoginResponse>>
{
    public async Task<Result<LoginResponse>> Handle(LoginCommand request, CancellationToken cancellationToken)
    {
        var token = SessionToken.New();
        var lifetime = TimeSpan.FromMinutes(options.Value.ExpireMinutes);
        await sessions.StartAsync(token, UserId.Create(request.UserId), lifetime, cancellationToken);
        return new LoginResponse
        {
            AccessToken = token.Text,
            TokenType = "bearer",
            ExpiresIn = (int)lifetime.TotalSeconds,
        };
    }
}
