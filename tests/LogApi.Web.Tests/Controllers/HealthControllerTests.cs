using System.Net;
using LogApi.Application.Ports;
using LogApi.Web.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Moq;

namespace LogApi.Web.Tests.Controllers;

public sealed class HealthControllerTests
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

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

    [Test]
    public async Task Live_StoreDown_StillAnswers()
    {
        _host.Monitor.Setup(monitor => monitor.CheckAsync(It.IsAny<CancellationToken>()))
            .ReturnsAsync(new StoreStatus("redis", Ready: false, "unknown", "it is down"));

        Assert.That(await _client.GetStringAsync(new Uri("/health/live", UriKind.Relative)), Is.EqualTo("""{"status":"live"}"""));
    }

    [Test]
    public async Task Ready_StoreUp_SaysWhatAnEntrySurvives()
    {
        Assert.That(
            await _client.GetStringAsync(Ready),
            Is.EqualTo("""{"status":"ready","store":"redis","durability":"fsync-always","signing":"ok"}"""));
    }

    [Test]
    public async Task Ready_StoreDown_SaysWhy()
    {
        _host.Monitor.Setup(monitor => monitor.CheckAsync(It.IsAny<CancellationToken>()))
            .ReturnsAsync(new StoreStatus("redis", Ready: false, "unknown", "Redis does not answer."));

        using var response = await _client.GetAsync(Ready);

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
        Assert.Multiple(() =>
        {
            Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("Redis does not answer."));
            Assert.That(problem.GetProperty("store").GetString(), Is.EqualTo("redis"));
            Assert.That(problem.GetProperty("durability").GetString(), Is.EqualTo("unknown"));
        });
    }

    [Test]
    public async Task Ready_NothingIsSigned_SaysWhy()
    {
        await using var refusing = Refusing(_host, "The store lost its end.");
        using var client = refusing.CreateClient();

        using var response = await client.GetAsync(Ready);

        var problem = await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "integrity");
        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("The store lost its end."));
        Assert.That(problem.GetProperty("store").GetString(), Is.EqualTo("redis"));
    }

    [Test]
    public async Task Ready_NothingIsSignedButEntriesAreAccepted_IsReadyAndSaysSo()
    {
        await using var accepting = new ApiHost(("ACCEPT_UNSIGNED", "true"));
        await using var refusing = Refusing(accepting, "The store lost its end.");
        using var client = refusing.CreateClient();

        Assert.That(
            await client.GetStringAsync(Ready),
            Does.EndWith(""","signing":"refused","signing_problem":"The store lost its end."}"""));
    }

    private static WebApplicationFactory<Program> Refusing(ApiHost host, string refusal) =>
        host.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.Replace(ServiceDescriptor.Singleton(Mock.Of<ITransparencyLog>(tree => tree.Refusal == refusal)))));

    [Test]
    public async Task Ready_StoreSilent_AnswersWithinTwoSeconds()
    {
        _host.Monitor.Setup(monitor => monitor.CheckAsync(It.IsAny<CancellationToken>()))
            .Returns(new TaskCompletionSource<StoreStatus>().Task);
        var started = TimeProvider.System.GetTimestamp();

        using var response = await _client.GetAsync(Ready);

        await ProblemAssert.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "store_unavailable");
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(2.5)));
    }
}
