using System.Net.Http.Json;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Hosting;

[Parallelizable(ParallelScope.All)]
public sealed class DocsPageTests
{
    [Test]
    public async Task Docs_InABrowser_ShowsTheOperationsFromThisServerAlone()
    {
        await using var service = await Service.StartAsync(StoreKind.Embedded);
        await using var page = await BrowserPage.OpenAsync(new Uri(service.Server.Address, "/docs"));

        await page.Page.GetByText("Start a session").First.WaitForAsync();

        Assert.That(page.Requests.Where(url => url.StartsWith("http", StringComparison.Ordinal)),
            Is.All.StartsWith(service.Server.Address.ToString()));
    }

    [Test]
    public async Task OpenApi_FromTheRunningServer_IsTheDocumentInTheRepository()
    {
        await using var service = await Service.StartAsync(StoreKind.Embedded);
        var served = await service.Server.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "openapi.json"))).RootElement;

        Assert.That(served.GetProperty("openapi").GetString(), Does.StartWith("3.1"));
        Assert.That(JsonElement.DeepEquals(served.GetProperty("paths"), kept.GetProperty("paths")), "docs/openapi.json is stale: build again");
        Assert.That(JsonElement.DeepEquals(served.GetProperty("components"), kept.GetProperty("components")), "docs/openapi.json is stale: build again");
    }
}
