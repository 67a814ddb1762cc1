using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Sessions.Logout;

internal sealed class LogoutCommandHandler(ISessionStore sessions) : IRequestHandler<LogoutCommand, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(LogoutCommand request, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(request.Token, cancellationToken);
        return Unit.Value;
    }
}
