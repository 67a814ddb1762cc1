using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Sessions.Login;

/// <summary>Starts a session.</summary>
/// <param name="UserId">Whose.</param>
public sealed record LoginCommand(string? UserId) : IRequest<Result<LoginResponse>>;

/// <summary>The session's token (RFC 6750).</summary>
public sealed record LoginResponse
{
    /// <summary>The token to send as <c>Authorization: Bearer</c>: 43 characters of base64url.</summary>
    /// <example>dGhpcyBpcyBhbiBleGFtcGxlLCBub3QgYSB0b2tlbiE</example>
    public required string AccessToken { get; init; }

    /// <summary>Always <c>bearer</c>.</summary>
    /// <example>bearer</example>
    public required string TokenType { get; init; }

    /// <summary>When the session ends by itself, in seconds from now.</summary>
    /// <example>1800</example>
    public required int ExpiresIn { get; init; }

    // The generated text of a record would show the token to whatever prints it.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("ExpiresIn = ").Append(ExpiresIn);
        return true;
    }
}
