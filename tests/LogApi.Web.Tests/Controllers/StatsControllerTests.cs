using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Web.Tests.Hosting;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class StatsControllerTests
{
    private ApiHost _host;
    private HttpClient _client;

    [SetUp]
    public void Start()
    {
        _host = new ApiHost();
        _client = _host.CreateClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [TestCase("", 10)]
    [TestCase("?users=3", 3)]
    public async Task Get_WithoutASession_AnswersWithTheNumbers(string query, int users)
    {
        _host.Statistics.Setup(statistics => statistics.ReadAsync(users, It.IsAny<CancellationToken>())).ReturnsAsync(new LogCounts
        {
            Written = 3,
            Kept = 2,
            Bytes = 400,
            Users = 1,
            ByStatus = new Dictionary<string, long>(StringComparer.Ordinal) { ["SUCCESS"] = 2 },
            ByMinute = new Dictionary<DateTime, IReadOnlyDictionary<string, long>>(),
            BusiestUsers = [new UserCount("ada", 2)],
            StoreMemory = null,
        });

        using var response = await _client.GetAsync(new Uri("/api/v1/stats" + query, UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        var stats = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Multiple(() =>
        {
            Assert.That(stats.GetProperty("totals").GetRawText(), Is.EqualTo("""{"kept":2,"written":3,"bytes":400,"users":1}"""));
            Assert.That(stats.GetProperty("by_status").GetRawText(), Is.EqualTo("""{"SUCCESS":2}"""));
            Assert.That(stats.GetProperty("by_minute").GetArrayLength(), Is.EqualTo(60));
            Assert.That(stats.GetProperty("by_minute")[0].GetProperty("by_status").GetRawText(), Is.EqualTo("{}"));
            Assert.That(stats.GetProperty("busiest_users").GetRawText(), Is.EqualTo("""[{"user_id":"ada","entries":2}]"""));
        });
    }

    [TestCase("0")]
    [TestCase("101")]
    [TestCase("many")]
    public async Task Get_UsersOutOfRange_Answers400(string users)
    {
        using var response = await _client.GetAsync(new Uri("/api/v1/stats?users=" + users, UriKind.Relative));

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.That(problem.GetProperty("errors").TryGetProperty("users", out _), Is.True);
    }

    [Test]
    public async Task Get_StoreAway_Answers503()
    {
        _host.Statistics.Setup(statistics => statistics.ReadAsync(10, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new StoreUnavailableException(StoreFailure.Unreachable));

        using var response = await _client.GetAsync(new Uri("/api/v1/stats", UriKind.Relative));

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }
}
