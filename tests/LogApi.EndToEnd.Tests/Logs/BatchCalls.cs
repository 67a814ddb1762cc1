using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>A batch of known entries, and how a client sends it.</summary>
internal static class BatchCalls
{
    /// <summary>How many entries there are.</summary>
    public const int Count = 2000;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static string Query(int number) => string.Create(CultureInfo.InvariantCulture, $"SELECT {number} FROM orders WHERE customer = 'c-{number * 7919}'");

    public static byte[] Body() => Encoding.UTF8.GetBytes(
        string.Join('\n', Enumerable.Range(0, Count).Select(i => JsonSerializer.Serialize(new { query = Query(i), status = "SUCCESS" }))));

    public static ByteArrayContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }

    public static HttpRequestMessage Request(HttpContent body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logs/batch") { Content = body };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    public static async Task<List<JsonElement>> ResultsAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return [.. JsonSerializer.Deserialize<JsonElement>(text).GetProperty("results").EnumerateArray()];
    }

    public static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString();

    /// <summary>Sends the batch again and again, as a client does that is told to come again.</summary>
    public static async Task<(List<JsonElement> Results, bool IsReplay, string Text)> SendUntilAnsweredAsync(HttpClient client, string key)
    {
        (List<JsonElement> Results, bool IsReplay, string Text) answer = default;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await client.SendAsync(Request(Content(Body()), key));
                if (!response.IsSuccessStatusCode) return false;
                answer = (await ResultsAsync(response), response.Headers.Contains("Idempotency-Replayed"), await response.Content.ReadAsStringAsync());
                return answer.Results.TrueForAll(result => result.GetProperty("status").GetInt32() == 200);
            },
            Patience);
        return answer;
    }
}
