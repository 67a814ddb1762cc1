using System.Globalization;
using System.Text.Json.Nodes;
using LogApi.Web.Bulk;
using LogApi.Web.Errors;
using LogApi.Web.Live.Http;
using LogApi.Web.Search;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace LogApi.Web.OpenApi;

/// <summary>What the framework can't know of an operation: whether it needs a session, and how it fails.</summary>
internal static class ApiOperations
{
    private static readonly Dictionary<string, JsonNode> ParameterExamples = new(StringComparer.Ordinal)
    {
        ["Content-Encoding"] = "gzip",
        ["Idempotency-Key"] = "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
        [EventStreamEndpoint.LastEventId] = "6f1c2a9b3d4e5f60-41",
        ["Prefer"] = "return=minimal",
        ["extra"] = true,
        ["from"] = 1_000,
        ["to"] = 2_000,
        ["level"] = "0",
        ["path"] = "x001/x234/067.p/5",
        ["id"] = "01890a5d-ac96-774b-bcce-b302099a8057",
        ["log_id"] = "01890a5d-ac96-774b-bcce-b302099a8057",
        ["audit_id"] = "01890a5d-ac96-774b-bcce-b302099a8057",
        ["code"] = "outcome_unknown",
        ["users"] = 10,
    };

    public static async Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var needsSession = !metadata.OfType<IAllowAnonymous>().Any();
        if (needsSession)
        {
            operation.Security =
                [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDocument.SecurityScheme, document)] = [] }];
        }

        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, cancellationToken);
        if (problem.Properties!["results"] is OpenApiSchema results)
            results.Items = new OpenApiSchemaReference(nameof(BatchItemResponse), document);
        document.AddComponent(nameof(Problem), problem);
        if (metadata.OfType<BatchBodyAttribute>().FirstOrDefault() is { } batch)
        {
            document.AddComponent(batch.Item.Name, await context.GetOrCreateSchemaAsync(batch.Item, parameterDescription: null, cancellationToken));
            operation.RequestBody = DescribeBatch(batch.Item.Name, document);
        }

        var failures = metadata.OfType<FailsWithAttribute>().SelectMany(fails => fails.Codes).ToList();
        if (operation.RequestBody is not null)
            failures.AddRange(["invalid_request", "malformed_json", "body_too_large", "unsupported_media_type", "unsupported_encoding"]);
        if (needsSession) failures.AddRange(["unauthenticated", "invalid_token", "store_unavailable"]);
        failures.Add("internal_error");

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Example = ParameterExamples[parameter.Name!].DeepClone();

            // A constraint only tells routes apart; what the value may be is in the description.
            if (parameter is { In: ParameterLocation.Path, Schema: OpenApiSchema schema }) schema.Pattern = null;
        }

        foreach (var parameter in metadata.OfType<TakesQueryAttribute>().SelectMany(query => query.Parameters))
            (operation.Parameters ??= []).Add(Describe(parameter));

        operation.Responses ??= [];
        foreach (var header in metadata.OfType<ResponseHeaderAttribute>())
        {
            var success = (OpenApiResponse)operation.Responses.First(response => response.Key.StartsWith('2')).Value;
            success.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            success.Headers[header.Name] = Header(header.Description, JsonSchemaType.String);
        }
        if (metadata.OfType<TakesIfNoneMatchAttribute>().Any()) DescribeIfNoneMatch(operation);
        foreach (var mediaType in metadata.OfType<StreamsAttribute>().SelectMany(streams => streams.MediaTypes))
            (operation.Responses["200"].Content!)[mediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };

        var byStatus = failures.Distinct(StringComparer.Ordinal)
            .Select(code => ProblemKinds.Find(code) ?? throw new InvalidOperationException($"There is no problem code {code}."))
            .GroupBy(kind => kind.Status)
            .OrderBy(group => group.Key);
        foreach (var kinds in byStatus)
            operation.Responses[kinds.Key.ToString(CultureInfo.InvariantCulture)] = Describe([.. kinds], "/" + context.Description.RelativePath, document);
    }

    private static void DescribeIfNoneMatch(OpenApiOperation operation)
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = HeaderNames.IfNoneMatch,
            In = ParameterLocation.Header,
            Description = "The `ETag` of what you have: the answer is 304 when that is still it.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = "\"k2-0WqTzCl0RrGmVHxNDjA\"",
        });
        operation.Responses!["304"] = new OpenApiResponse
        {
            Description = "You have it already.",
            Headers = Header(HeaderNames.ETag, "The same as yours.", JsonSchemaType.String),
        };
    }

    private static OpenApiRequestBody DescribeBatch(string item, OpenApiDocument document) => new()
    {
        Required = true,
        Description = "A JSON array, or lines of JSON (NDJSON): one item a line.",
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [BatchRequest.ArrayType] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(item, document) },
            },
            [BatchRequest.LinesType] = new()
            {
                // A client generator that took it for text would put all of it into one string.
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                Example = "{\"query\":\"SELECT 1\",\"status\":\"SUCCESS\"}\n{\"query\":\"SELECT 2\",\"status\":\"FAILURE\"}\n",
            },
        },
    };

    private static OpenApiParameter Describe(QueryParameter parameter) => new()
    {
        Name = parameter.DocumentedName,
        In = ParameterLocation.Query,
        Description = parameter.Description,
        Style = ParameterStyle.Form,
        Explode = true,
        Schema = parameter.Schema(),
        Example = parameter.Example.DeepClone(),
    };

    private static OpenApiResponse Describe(IReadOnlyList<ProblemKind> kinds, string path, OpenApiDocument document) => new()
    {
        Description = string.Join(" ", kinds.Select(kind => $"`{kind.Code}`: {kind.Title}")),
        Headers = Headers(kinds[0].Status),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [ProblemWriter.MediaType] = new()
            {
                Schema = new OpenApiSchemaReference(nameof(Problem), document),
                Example = new JsonObject
                {
                    ["type"] = kinds[0].Type,
                    ["title"] = kinds[0].Title,
                    ["status"] = kinds[0].Status,
                    ["detail"] = kinds[0].Meaning,
                    ["instance"] = path,
                    ["code"] = kinds[0].Code,
                    ["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736",
                },
            },
        },
    };

    private static Dictionary<string, IOpenApiHeader>? Headers(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Header("WWW-Authenticate", "How to authenticate (RFC 6750).", JsonSchemaType.String),
        StatusCodes.Status415UnsupportedMediaType => new(StringComparer.Ordinal)
        {
            [HeaderNames.Accept] = Header("The media types that are accepted.", JsonSchemaType.String),
            [HeaderNames.AcceptEncoding] = Header("The encodings that are accepted.", JsonSchemaType.String),
        },
        StatusCodes.Status409Conflict or StatusCodes.Status503ServiceUnavailable => Header("Retry-After", "When to try again, in seconds.", JsonSchemaType.Integer),
        _ => null,
    };

    private static Dictionary<string, IOpenApiHeader> Header(string name, string description, JsonSchemaType type) =>
        new(StringComparer.Ordinal)
        {
            [name] = Header(description, type),
        };

    private static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };
}
