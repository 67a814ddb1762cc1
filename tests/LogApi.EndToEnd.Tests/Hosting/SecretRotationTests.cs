using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Hosting;

[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
[Parallelizable(ParallelScope.All)]
public sealed class SecretRotationTests(StoreKind kind)
{
    private const string NewSecret = "Zt7Yw2Qe9Rb4Uk1Ox6Pm3Ls8Dh5Fg0Ja";

    [Test]
    public async Task Restart_WithANewSecretAndTheOldOneAsPrevious_ChangesNothingThatWasWritten()
    {
        await using var folder = new TempDirectory();
        await using var redis = kind == StoreKind.Redis ? await Service.StartRedisAsync() : null;
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = folder.Path, ["REDIS_URL"] = redis?.Url ?? "" };
        Service.AddSecrets(settings);
        string token, answer;
        JsonElement entry, verdict;
        await using (var before = await ServerProcess.StartAsync(settings))
        {
            using var client = await before.LoginAsync("ada");
            token = client.DefaultRequestHeaders.Authorization!.Parameter!;
            (answer, _) = await SendAsync(client);
            entry = JsonSerializer.Deserialize<JsonElement>(answer);
            verdict = await client.VerifyAsync(entry.Id());
            await before.InterruptAsync();
        }

        settings["JWT_SECRET_KEY_PREVIOUS"] = settings["JWT_SECRET_KEY"];
        settings["JWT_SECRET_KEY"] = NewSecret;
        await using (var after = await ServerProcess.StartAsync(settings))
        {
            after.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            var verdictAfter = await after.Client.VerifyAsync(entry.Id());
            var (repeated, isReplay) = await SendAsync(after.Client);
            var next = await after.Client.WriteAsync("SELECT 'next'");

            Assert.That(verdictAfter.GetProperty("valid").GetBoolean(), Is.True);
            Assert.That(
                verdictAfter.GetProperty("verification_token").GetString(), Is.EqualTo(verdict.GetProperty("verification_token").GetString()));
            Assert.That(isReplay, Is.True);
            Assert.That(repeated, Is.EqualTo(answer), "the hash that is stored");
            Assert.That((await after.Client.VerifyAsync(next.Id())).GetProperty("valid").GetBoolean(), Is.True);
            await after.InterruptAsync();
        }

        settings.Remove("JWT_SECRET_KEY_PREVIOUS");
        await using var without = await ServerProcess.StartAsync(settings);
        var lost = await without.Client.VerifyAsync(entry.Id());
        without.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var refused = await without.Client.PutAsJsonAsync("/api/v1/logs", new { query = "SELECT 1", status = "SUCCESS" });

        Assert.That(lost.GetProperty("valid").GetBoolean(), Is.False);
        Assert.That(lost.GetProperty("error").GetString(), Does.Contain("hash mismatch"));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), "the session is of the old secret");
    }

    private static async Task<(string Answer, bool IsReplay)> SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/logs");
        request.Headers.Add("Idempotency-Key", "key");
        request.Content = JsonContent.Create(new { query = "SELECT 1", status = "SUCCESS", attributes = new { host = "db1" } });
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotency-Replayed"));
    }
}
