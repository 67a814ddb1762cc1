using System.Net;
using System.Net.Http.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
public sealed class SessionTests
{
    [Test]
    public async Task Logout_InOneProcess_EndsTheSessionInTheOtherAtOnce()
    {
        await using var service = await Service.StartAsync(StoreKind.Redis, ("SESSION_CACHE_SECONDS", "10"));
        await using var second = await service.StartAnotherAsync();
        using var client = await service.Server.LoginAsync("ada");
        using var elsewhere = new HttpClient { BaseAddress = second.Address };
        elsewhere.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        await elsewhere.WriteAsync("SELECT 1");

        using var logout = await client.PostAsync("/api/v1/logout", content: null);

        Assert.That(logout.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        using var here = await WriteAsync(client);
        Assert.That(here.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var there = await WriteAsync(elsewhere);
                return there.StatusCode == HttpStatusCode.Unauthorized;
            },
            TimeSpan.FromSeconds(5));
    }

    private static Task<HttpResponseMessage> WriteAsync(HttpClient client) =>
        client.PutAsJsonAsync("/api/v1/logs", new { query = "SELECT 2", status = "SUCCESS" });
}
