using System.Security.Claims;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Web.Authentication;

/// <summary>Who a request's session belongs to, and the session itself.</summary>
internal sealed class SessionIdentity(UserId userId, SessionToken token)
    : ClaimsIdentity([new Claim("sub", userId.Value)], SessionAuthentication.Scheme, nameType: "sub", roleType: "role")
{
    /// <summary>Whose session it is.</summary>
    public UserId UserId { get; } = userId;

    /// <summary>The session's token.</summary>
    public SessionToken Token { get; } = token;

    /// <summary>Gives the session of a request that passed authorization.</summary>
    public static SessionIdentity Of(ClaimsPrincipal user) => user.Identity as SessionIdentity
        ?? throw new InvalidOperationException("The endpoint asks for a session but was reached without one.");
}
