using System.Text;
using System.Text.Json.Nodes;
using LogApi.Web.Controllers;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LogApi.Web.OpenApi;

/// <summary>The parts of the document that belong to no single operation, and examples put together from those of the fields.</summary>
internal static class ApiDocument
{
    /// <summary>The name of the security scheme.</summary>
    public const string SecurityScheme = "session";

    // The same wherever the document is made, so that the file in docs/ can be compared.
    private static readonly List<OpenApiServer> Servers =
    [
        new() { Url = "/", Description = "The server that this document comes from" },
        new() { Url = "http://localhost:8001", Description = "The default address" },
    ];

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Sessions"] = "Who is writing.",
        ["Logs"] = "Writing and verifying entries.",
        ["Transparency"] = "What shows, to anyone, that nothing was edited, removed, reordered or cut off.",
        ["Health"] = "Probes for whatever runs this service.",
        ["Service"] = "What this service is.",
    };

    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "LogApi",
            Version = ServiceController.Version,
            Description = Introduction(),
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = Servers;
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }));
        document.AddComponent<IOpenApiSecurityScheme>(SecurityScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The `access_token` that POST /api/v1/login gives.",
        });
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
            AddExamples(operation);
        return Task.CompletedTask;
    }

    private static string Introduction()
    {
        var text = new StringBuilder(
            """
            A tamper-evident audit log. Log in, write entries, verify them, and watch them live.

            ## Live entries

            Two WebSockets send entries as JSON text messages, and `GET /api/v1/logs/stream` sends the same messages as server-sent
            events. A bad parameter is a 400 problem before the upgrade.

            - `GET /ws/logs?user_id&limit=100&offset=0`: first the newest entries in one `logs_response`, then live entries. Its
              `next_cursor` leads further back in `GET /api/v1/logs`. With conditions, `offset` may be 10,000 at most.
            - `GET /ws/stream?user_id`: live entries only.

            All take the conditions of `GET /api/v1/logs` (`user_id`, `status`, `q`, `attr.<name>`, `from`, `to`), and `batch=1` for
            `{"type":"logs_batch","logs":[...]}` when there are several messages at once.

            A stream goes on after a break with `after=<epoch>-<seq>`: `epoch` names the numbering and `seq` is the last number that
            the client has seen; entries have `seq`, first messages and heartbeats both. The first message then is
            `{"type":"resumed","recovered":true,"epoch","seq"}`, and every entry since follows; or it is
            `{"type":"gap","from","to","reason","recovered":false,"epoch","seq"}` for what can't be had any more. `after=now` asks
            where the stream is. Entries that are gone later are told as a `gap`, too, and those that a client was too slow for as
            `{"type":"lagged","from","to","epoch","seq"}`: nothing is left out without a word.

            All send heartbeats: `{"type":"heartbeat","timestamp","active_connections","epoch","seq"}`, with `batch=1` one right away. When the service stops it closes with
            1001, when a client stays too far behind with 1013; the reason ends with `after=<epoch>-<seq>; retry_ms=<n>`: where and
            when to come again.

            When the log can't be continued provably, because its store lost or changed something, they send
            `{"type":"integrity","state":"refused","reason"}`, also to who connects then, and `{"type":"integrity","state":"ok"}` when
            it can again.

            ## Problems

            Every failure is `application/problem+json` (RFC 9457). Branch on its `code`; the codes never change their meaning.

            | code | status | meaning |
            |---|---|---|

            """);
        foreach (var kind in ProblemKinds.All)
            text.Append("| `").Append(kind.Code).Append("` | ").Append(kind.Status).Append(" | ").Append(kind.Meaning).Append(" |\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void AddExamples(OpenApiOperation operation)
    {
        var bodies = (operation.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>())
            .Concat((operation.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>())
                .SelectMany(response => response.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>()));
        foreach (var body in bodies)
        {
            if (body.Example is null && body.Schema is { } schema) body.Example = ExampleOf(schema);
        }
    }

    private static JsonNode? ExampleOf(IOpenApiSchema schema)
    {
        if (schema.Examples is [var given, ..]) return given.DeepClone();
        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.Array))
            return schema.Items is { } item && ExampleOf(item) is { } one ? new JsonArray(one) : null;
        if (schema.Properties is not { Count: > 0 } properties) return null;

        var example = new JsonObject();
        foreach (var (name, property) in properties)
        {
            if (ExampleOf(property) is { } value) example[name] = value;
            else if (property.Type is { } kind && kind.HasFlag(JsonSchemaType.Null)) example[name] = null;
        }

        return example;
    }
}
