using System.Net.Http.Json;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests;

/// <summary>The guide's calls, as a client makes them.</summary>
internal static class HttpClientExtensions
{
    public static async Task<JsonElement> WriteAsync(this HttpClient client, string query, string status = "SUCCESS")
    {
        using var response = await client.PutAsJsonAsync("/api/v1/logs", new { query, status });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<JsonElement> VerifyAsync(this HttpClient client, string logId) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/verify/{logId}")).GetProperty("verification");

    public static string Id(this JsonElement entry) => entry.GetProperty("id").GetString()!;

    public static long Seq(this JsonElement entry) => entry.GetProperty("seq").GetInt64();
}
