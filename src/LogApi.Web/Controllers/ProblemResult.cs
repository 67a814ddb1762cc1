using LogApi.Web.Errors;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Controllers;

/// <summary>Answers with a failure.</summary>
internal sealed class ProblemResult(Failure failure) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) => ProblemWriter.WriteAsync(context.HttpContext, failure);
}
