using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests;

/// <summary>The guide's calls, as a client makes them.</summary>
internal static class HttpClientExtensions
{
    public static Task<JsonElement> WriteAsync(this HttpClient client, string query, string status = "SUCCESS") =>
        client.WriteAsync(new { query, status });

    public static async Task<JsonElement> WriteAsync(this HttpClient client, object entry)
    {
        using var response = await client.PutAsJsonAsync("/api/v1/logs", entry);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Writes many entries in few calls.</summary>
    public static async Task FillAsync(this HttpClient client, IEnumerable<object> entries)
    {
        foreach (var part in entries.Chunk(500))
        {
            using var lines = new StringContent(string.Join('\n', part.Select(entry => JsonSerializer.Serialize(entry))));
            lines.Headers.ContentType = new("application/x-ndjson");
            using var response = await client.PostAsync("/api/v1/logs/batch", lines);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That(answer.GetProperty("accepted").GetInt32(), Is.EqualTo(part.Length));
        }
    }

    /// <summary>Goes through all pages of a search.</summary>
    public static async Task<List<JsonElement>> SearchAsync(this HttpClient client, string query)
    {
        var found = new List<JsonElement>();
        var path = "/api/v1/logs?" + query;
        while (true)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(path);
            found.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean()) return found;
            path = $"/api/v1/logs?{query}&cursor={page.GetProperty("next_cursor").GetString()}";
        }
    }

    public static async Task<JsonElement> VerifyAsync(this HttpClient client, string logId) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/verify/{logId}")).GetProperty("verification");

    /// <summary>Waits until a signed checkpoint covers an entry, and with it all before.</summary>
    public static Task IsIncludedAsync(this HttpClient client, JsonElement entry, TimeSpan? timeout = null) => Eventually.BecomesTrueAsync(
        async () => (await client.VerifyAsync(entry.Id())).GetProperty("inclusion").GetString() == "included", timeout);

    public static string Id(this JsonElement entry) => entry.GetProperty("id").GetString()!;

    public static long Seq(this JsonElement entry) => entry.GetProperty("seq").GetInt64();
}
