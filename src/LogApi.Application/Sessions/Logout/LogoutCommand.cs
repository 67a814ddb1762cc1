using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Sessions.Logout;

/// <summary>Ends a session in every process at once.</summary>
/// <param name="Token">The session's token.</param>
public sealed record LogoutCommand(SessionToken Token) : IRequest<Result<Unit>>;
