using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.Benchmarks.Processes;

/// <summary>The built service as its own process with production settings, new data, and a session to write with.</summary>
internal sealed class LogApiServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _folder = new();
    private readonly HttpClient _client = new();
    private ChildProcess? _process;

    private LogApiServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    public int ProcessId => _process!.Id;

    /// <summary>The access token of the session.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Starts the service on a Redis, or on its embedded store when there is no address.</summary>
    /// <param name="redisUrl">The Redis; none for the embedded store.</param>
    /// <param name="more">Settings besides.</param>
    public static async Task<LogApiServer> StartAsync(string redisUrl, IReadOnlyDictionary<string, string>? more = null)
    {
        var server = new LogApiServer();
        try
        {
            await server.LaunchAsync(redisUrl, more ?? new Dictionary<string, string>());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a session for each of so many users and gives their tokens.</summary>
    public async Task<IReadOnlyList<string>> LoginManyAsync(int users)
    {
        var tokens = new string[users];
        for (var i = 0; i < users; i++) tokens[i] = await LoginAsync(string.Create(CultureInfo.InvariantCulture, $"user{i:0000}"));
        return tokens;
    }

    /// <summary>Gets a JSON document, or the first of those that come in lines.</summary>
    public async Task<JsonElement> GetAsync(string path, bool lines = false)
    {
        var text = await _client.GetStringAsync(new Uri(path, UriKind.Relative));
        using var document = JsonDocument.Parse(lines ? text[..text.IndexOf('\n', StringComparison.Ordinal)] : text);
        return document.RootElement.Clone();
    }

    /// <summary>Gets a body to its end and drops it.</summary>
    public async Task DrainAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>Gives how many entries are stored, by writing one more and looking at the number it gets.</summary>
    public async Task<long> CountEntriesAsync()
    {
        using var response = await _client.PutAsJsonAsync("/api/v1/logs", new { query = "SELECT 1", status = "SUCCESS" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64();
    }

    /// <summary>Gives how many entries the newest checkpoint is over that it has signed and is about to publish.</summary>
    public long SignedSize()
    {
        var folder = _folder.Combine("checkpoints");
        var file = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.signed").FirstOrDefault() : null;
        return file is null ? 0 : long.Parse(File.ReadLines(file).ElementAt(1), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _client.Dispose();
        await _folder.DisposeAsync();
    }

    private async Task LaunchAsync(string redisUrl, IReadOnlyDictionary<string, string> more)
    {
        var program = BuildOutput.FindWebServer();
        var address = $"http://127.0.0.1:{Port}";
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["LOG_SIGNING_KEY"] = Some.SigningKey,
            ["JWT_SECRET_KEY"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32)),
            ["REDIS_URL"] = redisUrl,
            ["DATA_DIR"] = _folder.Path,
        };
        foreach (var (name, value) in more) settings[name] = value;
        _process = ChildProcess.Start(
            "dotnet", [program, "--urls", address], _folder.Combine("server.log"), _folder.Path, settings);
        _client.BaseAddress = new Uri(address);
        await Eventually.BecomesTrueAsync(IsReadyAsync, StartBound, "the server is ready");
        await LoginAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process!.HasEnded) throw new InvalidOperationException("The server ended: " + _process.LastOutput());
        try
        {
            using var response = await _client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> LoginAsync(string userId)
    {
        using var response = await _client.PostAsJsonAsync("/api/v1/login", new { user_id = userId });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private async Task LoginAsync()
    {
        Token = await LoginAsync("benchmark");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }
}
