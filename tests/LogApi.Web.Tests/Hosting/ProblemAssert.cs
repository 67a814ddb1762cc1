using System.Net;
using System.Text.Json;

namespace LogApi.Web.Tests.Hosting;

internal static class ProblemAssert
{
    /// <summary>Holds an answer against the form that every failure has, and gives its body.</summary>
    public static async Task<JsonElement> IsProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), text);
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/problem+json"));
        var problem = JsonDocument.Parse(text).RootElement;
        var path = response.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.Multiple(() =>
        {
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
            Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo("/problems/" + code));
            Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
            Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
            Assert.That(problem.GetProperty("detail").GetString(), Is.Not.Empty);
            Assert.That(problem.GetProperty("instance").GetString(), Is.EqualTo(path));
            Assert.That(problem.GetProperty("trace_id").GetString(), Is.Not.Empty);
            Assert.That(text, Does.Not.Contain("System.").And.Not.Contain("LogApi.").And.Not.Contain("   at "));
        });
        return problem;
    }
}
