using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>
/// Stands between a page and the server and changes what the server answers: a service that lies, or somebody on the way. What is null
/// goes through as it is.
/// </summary>
internal sealed class Forger
{
    /// <summary>Changes GET /api/v1/logs/{id}.</summary>
    public Action<JsonObject>? Entry { get; set; }

    /// <summary>Changes GET /api/v1/logs/{id}/proof.</summary>
    public Action<JsonObject>? Proof { get; set; }

    /// <summary>Changes GET /api/v1/verify/{id}.</summary>
    public Action<JsonObject>? Verdict { get; set; }

    /// <summary>Changes GET /api/v1/transparency.</summary>
    public Action<JsonObject>? Transparency { get; set; }

    /// <summary>Changes GET /api/v1/transparency/consistency.</summary>
    public Action<JsonObject>? Consistency { get; set; }

    /// <summary>Changes GET /checkpoint.</summary>
    public Func<string, string>? Checkpoint { get; set; }

    /// <summary>Steps in.</summary>
    public async Task AttachAsync(IPage page)
    {
        await Json("**/api/v1/logs/*", () => Entry);
        await Json("**/api/v1/logs/*/proof", () => Proof);
        await Json("**/api/v1/verify/*", () => Verdict);
        await Json("**/api/v1/transparency", () => Transparency);
        await Json("**/api/v1/transparency/consistency?*", () => Consistency);
        await page.RouteAsync("**/checkpoint", async route =>
        {
            if (Checkpoint is null)
            {
                await route.ContinueAsync();
                return;
            }

            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = Checkpoint(await answer.TextAsync()) });
        });

        Task Json(string address, Func<Action<JsonObject>?> forge) => page.RouteAsync(address, async route =>
        {
            if (forge() is not { } change)
            {
                await route.ContinueAsync();
                return;
            }

            var answer = await route.FetchAsync();
            var body = JsonNode.Parse(await answer.TextAsync())!.AsObject();
            if (answer.Ok) change(body);
            await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
        });
    }

    /// <summary>Makes a verdict say that all is well.</summary>
    public static void SayValid(JsonObject verdict)
    {
        var verification = verdict["verification"]!.AsObject();
        verification["valid"] = true;
        verification["error"] = null;
        verification["hash_valid"] = true;
        verification["inclusion"] = "included";
    }

    /// <summary>Gives another text in base64 that differs in one bit.</summary>
    public static string Flip(string base64, int place = 0)
    {
        var bytes = Convert.FromBase64String(base64);
        bytes[place] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Gives a checkpoint with another line.</summary>
    public static string WithLine(string note, int number, Func<string, string> change)
    {
        var lines = note.Split('\n');
        lines[number] = change(lines[number]);
        return string.Join('\n', lines);
    }
}
