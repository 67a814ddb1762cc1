using LogApi.Application.Common.Errors;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Turns the outcome of a use case into an answer.</summary>
[ApiController]
public abstract class ApiController : ControllerBase
{
    /// <summary>Answers 200 with the value, or with the problem that explains why there is none.</summary>
    protected IActionResult Answer<T>(Result<T> result)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.TryGet(out var value, out var error) ? Ok(value) : new ProblemResult(Failure.From(error));
    }
}
