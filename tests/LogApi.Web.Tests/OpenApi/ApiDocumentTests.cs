using System.Text.Json.Nodes;
using LogApi.Testing;
using LogApi.Web.Errors;
using LogApi.Web.Tests.Hosting;

namespace LogApi.Web.Tests.OpenApi;

public sealed class ApiDocumentTests
{
    private ApiHost _host;
    private JsonObject _document;

    [OneTimeSetUp]
    public async Task GetDocumentAsync()
    {
        _host = new ApiHost();
        using var client = _host.CreateClient();
        _document = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Document_AtRunTime_IsTheFileInDocs()
    {
        var built = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Combine("docs", "openapi.json")));

        Assert.That(JsonNode.DeepEquals(_document, built), Is.True, "docs/openapi.json is stale; build src/LogApi.Web and commit it");
    }

    [Test]
    public void Operations_All_SayWhatAGeneratorNeeds()
    {
        var operations = Operations();
        Assert.That(operations.Select(operation => (string?)operation["operationId"]), Is.Unique.And.All.Not.Empty);
        foreach (var operation in operations)
        {
            var id = (string)operation["operationId"]!;
            var responses = operation["responses"]!.AsObject();
            Assert.Multiple(() =>
            {
                Assert.That((string?)operation["summary"], Is.Not.Empty, id);
                Assert.That((string?)operation["description"], Is.Not.Empty, id);
                Assert.That(operation["tags"]?.AsArray(), Has.Count.EqualTo(1), id);
                Assert.That(responses.Count(response => response.Key[0] == '2'), Is.EqualTo(1), id);
                Assert.That(responses.Select(response => response.Key), Has.Member("500"), id);
                Assert.That(operation["parameters"]?.AsArray().All(parameter => parameter!["description"] is not null) ?? true, id);
            });
            foreach (var (status, response) in responses)
            {
                Assert.That((string?)response!["description"], Is.Not.Empty, id);
                if (status[0] is '2' or '3') continue;
                var content = response["content"]!["application/problem+json"]!;
                Assert.That((string?)content["schema"]!["$ref"], Is.EqualTo("#/components/schemas/Problem"), id);
                Assert.That(content["example"], Is.Not.Null, id);
                if (status == "503") Assert.That(response["headers"]!["Retry-After"], Is.Not.Null, id);
            }
        }
    }

    [Test]
    public void GetLog_EntryThatTheClientHas_IsDescribed()
    {
        var operation = Operations().Single(operation => (string?)operation["operationId"] == "getLog");

        Assert.That(operation["parameters"]!.AsArray().Select(parameter => $"{parameter!["in"]} {parameter["name"]}"), Has.Member("header If-None-Match"));
        Assert.That(operation["responses"]!["304"]!["headers"]!["ETag"], Is.Not.Null);
        Assert.That(operation["responses"]!["304"]!["content"], Is.Null);
    }

    [Test]
    public void Bodies_All_HaveACompleteExample()
    {
        var bodies = Operations()
            .SelectMany(operation => operation["responses"]!.AsObject()
                .Where(response => response.Key[0] == '2').Select(response => response.Value).Prepend(operation["requestBody"]))
            .Select(body => body?["content"]?["application/json"])
            .Where(body => body is not null)
            .ToList();

        Assert.That(bodies, Has.Count.GreaterThan(5));
        foreach (var body in bodies)
        {
            var (type, example) = body!["schema"]!["items"] is { } item ? (item, body["example"]![0]) : (body["schema"]!, body["example"]);
            var schema = ((string)type["$ref"]!).Split('/')[^1];
            var required = _document["components"]!["schemas"]![schema]!["required"]!.AsArray().Select(name => (string?)name);
            Assert.That(example!.AsObject().Select(member => member.Key), Is.SupersetOf(required), schema);
        }
    }

    [Test]
    public void Schemas_All_AvoidWhatBreaksGenerators()
    {
        Assert.That(_document.ToJsonString(), Does.Not.Contain("oneOf").And.Not.Contain("anyOf"));
        foreach (var (name, schema) in _document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (property, value) in schema!["properties"]!.AsObject())
            {
                Assert.That(value!["description"], Is.Not.Null, $"{name}.{property}");
                Assert.That(property, Does.Match("^[a-z0-9_]+$"), name);
                if (value["type"] is not JsonArray types) continue;
                var kinds = types.Select(kind => (string?)kind).ToList();
                Assert.That(kinds, Has.Count.EqualTo(2).And.Contains("null"), $"{name}.{property}");
                Assert.That(kinds, Is.SubsetOf(new[] { "null", "string", "boolean", "integer" }), $"{name}.{property}");
            }
        }
    }

    [Test]
    public void Introduction_EveryProblemCode_IsExplained()
    {
        var text = (string)_document["info"]!["description"]!;
        foreach (var kind in ProblemKinds.All) Assert.That(text, Does.Contain($"| `{kind.Code}` | {kind.Status} |"));
    }

    [Test]
    public void Operations_ThatNeedASession_SaySo()
    {
        var guarded = Operations().Where(operation => operation["security"] is not null).Select(operation => (string)operation["operationId"]!);
        Assert.That(guarded, Is.EquivalentTo(new[] { "createLog", "createLogs", "getAudit", "listAudits", "logout", "redactLog", "startAudit" }));
    }

    [Test]
    public async Task Docs_Page_NeedsNothingFromElsewhere()
    {
        using var client = _host.CreateClient();

        var page = await client.GetStringAsync(new Uri("/docs/", UriKind.Relative));

        Assert.That(page, Does.Contain("openapi/v1.json"));
        var sources = page.Split("src=\"").Concat(page.Split("href=\"")).Where(part => !part.StartsWith('<'))
            .Select(part => part.Split('"')[0]).ToList();
        Assert.That(sources, Is.Not.Empty.And.None.StartsWith("http").And.None.StartsWith("//"));
        foreach (var source in sources)
        {
            using var response = await client.GetAsync(new Uri(new Uri("http://localhost/docs/"), source));
            Assert.That(response.IsSuccessStatusCode, Is.True, source);
        }
    }

    private List<JsonObject> Operations() =>
        [.. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!.AsObject())];
}
