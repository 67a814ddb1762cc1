using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Web.Errors;
using LogApi.Web.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LogApi.Web.Tests.Controllers;

public sealed class ServiceControllerTests
{
    private ApiHost _host;
    private HttpClient _client;

    [OneTimeSetUp]
    public void Start()
    {
        _host = new ApiHost();
        _client = _host.CreateClient();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Get_Anybody_ListsEveryEndpoint()
    {
        var service = await _client.GetFromJsonAsync<JsonElement>("/");

        var listed = service.GetProperty("endpoints").EnumerateArray()
            .Select(endpoint => $"{endpoint.GetProperty("method")} {endpoint.GetProperty("path")}").ToList();
        var mapped = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null)
            .Select(endpoint =>
                $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} /{RouteText.Of(endpoint)}")
            .Except(["GET /"]);
        Assert.That(mapped.Except(listed), Is.Empty);
        Assert.That(listed, Has.Some.StartsWith("WS /ws/logs").And.Some.StartsWith("WS /ws/stream"));
        Assert.That(service.GetProperty("name").GetString(), Is.EqualTo("LogApi"));
        Assert.That(service.GetProperty("version").GetString(), Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [Test]
    public async Task ExplainProblem_EveryCode_IsExplained()
    {
        foreach (var kind in ProblemKinds.All)
        {
            var answer = await _client.GetFromJsonAsync<JsonElement>(kind.Type);
            Assert.That(answer.GetProperty("meaning").GetString(), Is.EqualTo(kind.Meaning));
        }
    }
}
