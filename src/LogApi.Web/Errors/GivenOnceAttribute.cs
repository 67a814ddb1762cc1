using LogApi.Web.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;

namespace LogApi.Web.Errors;

/// <summary>Refuses a query parameter that is given more than once: the framework would take the first, and say nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GivenOnceAttribute(params string[] names) : ActionFilterAttribute
{
    /// <inheritdoc/>
    public override void OnActionExecuting(ActionExecutingContext context)
    {
        var query = context.HttpContext.Request.Query;
        var errors = names.Where(name => query[name].Count > 1).ToDictionary(name => name, _ => (string[])["must be given once"], StringComparer.Ordinal);
        if (errors.Count > 0) context.Result = new ProblemResult(Failure.OfFields(errors));
    }
}
