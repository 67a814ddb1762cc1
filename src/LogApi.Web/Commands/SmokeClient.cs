using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogApi.Web.Commands;

/// <summary>Calls a service by HTTP and takes nothing but 200 with JSON for an answer.</summary>
internal sealed class SmokeClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new();

    // With the slash at the end, paths go below an address that has a path of its own.
    private readonly Uri _base = new(address.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>The address of a WebSocket of the service.</summary>
    public Uri SocketAddress(string path) =>
        new UriBuilder(new Uri(_base, path)) { Scheme = _base.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

    /// <summary>Sends a request and gives the JSON of the answer.</summary>
    /// <exception cref="UnexpectedAnswerException">The status is not 200, or the body is not JSON.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<JsonElement> SendAsync(
        HttpMethod method, string path, JsonObject? body, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, path));
        return await SendAsync(request, body, token, cancellationToken);
    }

    /// <summary>Sends a batch that may be sent again, and gives the JSON of the answer.</summary>
    /// <exception cref="UnexpectedAnswerException">The status is not 200, or the body is not JSON.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<JsonElement> SendBatchAsync(JsonArray batch, string idempotencyKey, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, "api/v1/logs/batch"));
        request.Headers.Add("Idempotency-Key", $"\"{idempotencyKey}\"");
        return await SendAsync(request, batch, token, cancellationToken);
    }

    /// <summary>Reads JSON.</summary>
    /// <exception cref="UnexpectedAnswerException">It is none.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            throw new UnexpectedAnswerException("JSON", text);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, JsonNode? body, string? token, CancellationToken cancellationToken)
    {
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new UnexpectedAnswerException(
                $"200 from {request.Method} /{_base.MakeRelativeUri(request.RequestUri!)}", string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {text}"));
        }

        return Parse(text);
    }
}
