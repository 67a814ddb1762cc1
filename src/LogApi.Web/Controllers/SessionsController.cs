using System.ComponentModel.DataAnnotations;
using LogApi.Application.Sessions.Login;
using LogApi.Application.Sessions.Logout;
using LogApi.Web.Authentication;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Sessions: who is writing.</summary>
[Route("api/v1")]
[Tags("Sessions")]
public sealed class SessionsController(IMediator mediator) : ApiController
{
    /// <summary>Start a session</summary>
    /// <remarks>
    /// Gives a token for a user. Send it as `Authorization: Bearer` with every call that needs a session. The session ends by
    /// itself after `expires_in` seconds, or at a logout.
    /// </remarks>
    /// <response code="200">The token.</response>
    [HttpPost("login", Name = "login")]
    [FailsWith("store_unavailable", "outcome_unknown")]
    [AllowAnonymous]
    [Consumes("application/json")]
    [ProducesResponseType<LoginResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Login([FromBody] LoginRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // RFC 6749 §5.1: an answer that holds a token is never kept by a cache.
        Response.Headers.CacheControl = "no-store";
        return Answer(await mediator.Send(new LoginCommand(request.UserId), cancellationToken));
    }

    /// <summary>End the session</summary>
    /// <remarks>Ends the session whose token is sent, at once and in every process of the service.</remarks>
    /// <response code="204">The session has ended.</response>
    [HttpPost("logout", Name = "logout")]
    [FailsWith("outcome_unknown")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Logout(CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new LogoutCommand(SessionIdentity.Of(User).Token), cancellationToken);
        return result.Error is { } error ? new ProblemResult(Failure.From(error)) : NoContent();
    }
}

/// <summary>Who starts a session.</summary>
public sealed record LoginRequest
{
    /// <summary>The user: 1 to 128 characters, without control characters and without `|`.</summary>
    /// <example>your_user_id</example>
    [Required]
    [StringLength(Domain.Entries.UserId.MaxLength, MinimumLength = 1)]
    public string? UserId { get; init; }
}
