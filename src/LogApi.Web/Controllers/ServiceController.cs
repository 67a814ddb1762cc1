using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization;
using LogApi.Web.Errors;
using LogApi.Web.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>What this service is.</summary>
[AllowAnonymous]
[Tags("Service")]
public sealed class ServiceController : ApiController
{
    // Without the commit that the build may add to it.
    internal static readonly string Version = typeof(ServiceController).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly ServiceResponse Service = new()
    {
        Name = "LogApi",
        Version = Version,
        Docs = "/docs",
        OpenApi = "/openapi/v1.json",
        Endpoints =
        [
            new() { Method = "POST", Path = "/api/v1/login", Summary = "Start a session" },
            new() { Method = "POST", Path = "/api/v1/logout", Summary = "End the session" },
            new() { Method = "PUT", Path = "/api/v1/logs", Summary = "Write an entry" },
            new() { Method = "POST", Path = "/api/v1/logs/batch", Summary = "Write many entries" },
            new() { Method = "GET", Path = "/api/v1/logs", Summary = "Search for entries, page by page" },
            new() { Method = "GET", Path = "/api/v1/logs/{id}", Summary = "Read an entry" },
            new() { Method = "GET", Path = "/api/v1/logs/export", Summary = "Export entries as NDJSON or CSV" },
            new() { Method = "POST", Path = "/api/v1/logs/{id}/redact", Summary = "Erase an entry's content" },
            new() { Method = "GET", Path = "/api/v1/verify/{log_id}", Summary = "Verify an entry" },
            new() { Method = "POST", Path = "/api/v1/verify", Summary = "Verify an entry that you have" },
            new() { Method = "GET", Path = "/api/v1/logs/{id}/proof", Summary = "Prove that an entry is in the log" },
            new() { Method = "GET", Path = "/api/v1/transparency", Summary = "The log's name, key and newest checkpoint" },
            new() { Method = "GET", Path = "/api/v1/transparency/consistency", Summary = "Prove that the log only grew" },
            new() { Method = "GET", Path = "/checkpoint", Summary = "The signed checkpoint" },
            new() { Method = "GET", Path = "/tile/{level}/{path}", Summary = "Hashes of the tree" },
            new() { Method = "GET", Path = "/tile/entries/{path}", Summary = "Leaves of the tree" },
            new() { Method = "GET", Path = "/api/v1/stats", Summary = "Count the entries" },
            new() { Method = "POST", Path = "/api/v1/audits", Summary = "Start an audit" },
            new() { Method = "GET", Path = "/api/v1/audits", Summary = "List audits" },
            new() { Method = "GET", Path = "/api/v1/audits/{audit_id}", Summary = "Look at an audit" },
            new() { Method = "WS", Path = "/ws/logs?user_id&limit=100&offset=0", Summary = "Newest entries, then live ones" },
            new() { Method = "WS", Path = "/ws/stream?user_id", Summary = "Live entries only" },
            new() { Method = "GET", Path = "/api/v1/logs/stream", Summary = "Live entries as server-sent events" },
            new() { Method = "GET", Path = "/console", Summary = "The monitoring console" },
            new() { Method = "GET", Path = "/health/live", Summary = "Whether the process runs" },
            new() { Method = "GET", Path = "/health/ready", Summary = "Whether entries can be stored" },
            new() { Method = "GET", Path = "/problems/{code}", Summary = "What a problem's code means" },
        ],
    };

    /// <summary>List the endpoints</summary>
    /// <remarks>Gives the service's name and version, its endpoints and where its documentation is.</remarks>
    /// <response code="200">What this service is.</response>
    [HttpGet("/", Name = "getService")]
    [ProducesResponseType<ServiceResponse>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Get() => Ok(Service);

    /// <summary>Explain a problem</summary>
    /// <remarks>The `type` of every problem is the address of this explanation.</remarks>
    /// <response code="200">What it means.</response>
    [HttpGet("/problems/{code}", Name = "explainProblem")]
    [FailsWith("not_found")]
    [ProducesResponseType<ProblemKindResponse>(StatusCodes.Status200OK, "application/json")]
    public IActionResult ExplainProblem([FromRoute, Description("The problem's code.")] string code) => ProblemKinds.Find(code) is { } kind
        ? Ok(new ProblemKindResponse { Code = kind.Code, Status = kind.Status, Title = kind.Title, Meaning = kind.Meaning })
        : new ProblemResult(new Failure(ProblemKinds.NotFound, "No problem of this service has this code."));
}

/// <summary>What this service is.</summary>
public sealed record ServiceResponse
{
    /// <summary>The service's name.</summary>
    /// <example>LogApi</example>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    /// <example>0.1.0</example>
    public required string Version { get; init; }

    /// <summary>Where the documentation for readers is.</summary>
    /// <example>/docs</example>
    public required string Docs { get; init; }

    /// <summary>Where the documentation for programs is.</summary>
    /// <example>/openapi/v1.json</example>
    [JsonPropertyName("openapi")]
    public required string OpenApi { get; init; }

    /// <summary>What can be called.</summary>
    public required IReadOnlyList<EndpointResponse> Endpoints { get; init; }
}

/// <summary>What can be called.</summary>
public sealed record EndpointResponse
{
    /// <summary>The HTTP method; `WS` for a WebSocket.</summary>
    /// <example>PUT</example>
    public required string Method { get; init; }

    /// <summary>The path, with its parameters.</summary>
    /// <example>/api/v1/logs</example>
    public required string Path { get; init; }

    /// <summary>What it does.</summary>
    /// <example>Write an entry</example>
    public required string Summary { get; init; }
}

/// <summary>What a problem's code means.</summary>
public sealed record ProblemKindResponse
{
    /// <summary>The code.</summary>
    /// <example>outcome_unknown</example>
    public required string Code { get; init; }

    /// <summary>The HTTP status that goes with it.</summary>
    /// <example>503</example>
    public required int Status { get; init; }

    /// <summary>What went wrong.</summary>
    /// <example>The store's answer was lost.</example>
    public required string Title { get; init; }

    /// <summary>What it means to a client and what to do next.</summary>
    /// <example>The call may or may not have taken effect, once.</example>
    public required string Meaning { get; init; }
}
