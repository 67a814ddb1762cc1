using System.Security.Claims;
using System.Text.Encodings.Web;
using LogApi.Application.Ports;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Authentication;

/// <summary>Authenticates a request by the session token it carries (RFC 6750 §2.1), once an endpoint asks for a session.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ISessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Bearer";

    private const string Challenge = "Bearer realm=\"logapi\"";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // An anonymous endpoint must not fail, or wait for the store, because of a header it does not look at.
        if (Context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();
        if (SentToken() is not { } text) return AuthenticateResult.NoResult();
        if (!SessionToken.TryParse(text, out var token) || await sessions.FindAsync(token, Context.RequestAborted) is not { } userId)
            return AuthenticateResult.Fail("The token is not that of a session.");
        return AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(new SessionIdentity(userId, token)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var kind = SentToken() is null ? ProblemKinds.Unauthenticated : ProblemKinds.InvalidToken;

        // RFC 6750 §3.1: without a token, the challenge says nothing about an error.
        Response.Headers.WWWAuthenticate = kind == ProblemKinds.InvalidToken ? Challenge + ", error=\"invalid_token\"" : Challenge;
        return ProblemWriter.WriteAsync(Context, new Failure(kind, kind.Meaning));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Challenge + ", error=\"insufficient_scope\"";
        return ProblemWriter.WriteAsync(Context, new Failure(ProblemKinds.Forbidden, ProblemKinds.Forbidden.Meaning));
    }

    // RFC 9110 §11.1: the scheme's case does not matter. Other schemes carry no token of ours.
    private string? SentToken()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        if (header.Length == Scheme.Length) return "";
        return header[Scheme.Length] == ' ' ? header[(Scheme.Length + 1)..].Trim(' ') : null;
    }
}
