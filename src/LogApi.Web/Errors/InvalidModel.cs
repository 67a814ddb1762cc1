using LogApi.Web.Controllers;
using Microsoft.AspNetCore.Mvc;

namespace LogApi.Web.Errors;

/// <summary>Answers a request whose path or query parameters do not fit their types.</summary>
internal static class InvalidModel
{
    // The framework's messages repeat the value; what was sent does not go into an answer.
    private static readonly string[] Messages = ["is not of the type that the documentation says"];

    public static IActionResult Answer(ActionContext context)
    {
        var errors = context.ModelState
            .Where(entry => entry.Value is { Errors.Count: > 0 })
            .ToDictionary(entry => entry.Key, _ => Messages, StringComparer.Ordinal);
        return new ProblemResult(Failure.OfFields(errors));
    }
}
