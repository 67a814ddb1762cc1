using Microsoft.AspNetCore.Mvc;

namespace LogApi.Benchmarks.Bare;

/// <summary>Answers an entry with itself, at the address at which the real service stores it.</summary>
[ApiController]
[Route("api/v1/logs")]
public sealed class LogsController : ControllerBase
{
    [HttpPut]
    public ActionResult<BareEntry> Put(BareEntry entry) => entry;
}

/// <summary>What a client sends to have an entry written.</summary>
public sealed record BareEntry(string Query, string Status);
