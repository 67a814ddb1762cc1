using System.Text.Json.Serialization;
using LogApi.Application.Ports;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Probes for whatever runs this service.</summary>
[AllowAnonymous]
[Route("health")]
[Tags("Health")]
public sealed class HealthController(
    IStoreMonitor store, ITransparencyLog tree, TransparencyPolicy policy, IHostApplicationLifetime lifetime, TimeProvider time)
    : ApiController
{
    // Answers are promised within 2 s; the rest is for the way there and back.
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(1.8);

    /// <summary>Tell whether the process runs</summary>
    /// <remarks>Says nothing about the store: a store that is down is no reason to restart this process.</remarks>
    /// <response code="200">It runs.</response>
    [HttpGet("live", Name = "getLiveness")]
    [ProducesResponseType<LivenessResponse>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Live() => Fresh(new LivenessResponse { Status = "live" });

    /// <summary>Tell whether entries can be stored</summary>
    /// <remarks>
    /// Asks the store and says what an acknowledged entry survives. 503 while it is down, while entries are refused because it lost or
    /// changed some that are signed, or while this process is stopping.
    /// </remarks>
    /// <response code="200">They can.</response>
    [HttpGet("ready", Name = "getReadiness")]
    [FailsWith("store_unavailable", "integrity")]
    [ProducesResponseType<ReadinessResponse>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Ready(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return NotReady("This process is stopping.", status: null);
        try
        {
            var status = await store.CheckAsync(cancellationToken).WaitAsync(CheckLimit, time, cancellationToken);
            if (!status.Ready) return NotReady(status.Problem ?? ProblemKinds.StoreUnavailable.Meaning, status);
            var refusal = tree.Refusal;
            if (refusal is not null && !policy.AcceptsUnsigned)
                return new ProblemResult(new Failure(ProblemKinds.Integrity, refusal) { Store = status });
            return Fresh(new ReadinessResponse
            {
                Status = "ready",
                Store = status.Kind,
                Durability = status.Durability,
                Signing = refusal is not null ? "refused" : tree.Delay is not null ? "late" : "ok",
                SigningProblem = refusal ?? tree.Delay,
            });
        }
        catch (TimeoutException)
        {
            return NotReady($"The store did not answer within {CheckLimit.TotalSeconds:0.0} s.", status: null);
        }
    }

    private static ProblemResult NotReady(string detail, StoreStatus? status) =>
        new(new Failure(ProblemKinds.StoreUnavailable, detail) { Store = status });

    private OkObjectResult Fresh(object response)
    {
        Response.Headers.CacheControl = "no-store";
        return Ok(response);
    }
}

/// <summary>Whether the process runs.</summary>
public sealed record LivenessResponse
{
    /// <summary>Always `live`.</summary>
    /// <example>live</example>
    public required string Status { get; init; }
}

/// <summary>Whether entries can be stored.</summary>
public sealed record ReadinessResponse
{
    /// <summary>Always `ready`.</summary>
    /// <example>ready</example>
    public required string Status { get; init; }

    /// <summary>The product that the entries are stored in.</summary>
    /// <example>redis</example>
    public required string Store { get; init; }

    /// <summary>What an acknowledged entry survives, by the store's settings.</summary>
    /// <example>fsync-always</example>
    public required string Durability { get; init; }

    /// <summary>`ok`; `late` when entries have waited too long to be signed; or `refused` when nothing is signed, and entries are accepted all the same, as ACCEPT_UNSIGNED says.</summary>
    /// <example>ok</example>
    public required string Signing { get; init; }

    /// <summary>Why nothing is signed, or what waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SigningProblem { get; init; }
}
