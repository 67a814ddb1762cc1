using System.Globalization;
using System.Text.Json.Nodes;
using LogApi.Application.Logs.ListLogs;
using LogApi.Application.Logs.SearchLogs;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;
using Microsoft.OpenApi;

namespace LogApi.Web.Search;

/// <summary>The query parameters of the endpoints that go through the log: what is accepted, and what is said about it.</summary>
internal static class LogQueryParameters
{
    /// <summary>What the name of a parameter begins with that asks for an attribute.</summary>
    public const string AttributePrefix = "attr.";

    /// <summary>How many entries a page has when it is not told.</summary>
    public const int DefaultLimit = 100;

    private static readonly QueryParameter[] Filter =
    [
        new("user_id", "Only entries of this user.", () => Text(1, UserId.MaxLength), "your_user_id"),
        new("status", "Only entries with this status; several with commas between them, or repeated.",
            () => new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            new JsonArray("ERROR", "DENIED")),
        new("from", "Only entries whose `timestamp` is this or later: RFC 3339, any offset.", () => Text(), "2026-03-01T00:00:00Z"),
        new("to", "Only entries whose `timestamp` is earlier than this: RFC 3339, any offset.", () => Text(), "2026-03-02T00:00:00Z"),
        new("q", "Only entries with this text in their query, without regard to case.", () => Text(1, LogFilter.MaxTextLength), "delete from"),
        new(AttributePrefix + "<name>",
            "Only entries with this attribute: the name is part of the parameter's, as in `attr.tenant=acme`. Several must all "
            + "match, each with exactly its value.",
            () => new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
            },
            new JsonObject { ["attr.tenant"] = "acme" }) { DocumentedName = "attr" },
    ];

    /// <summary>The parameters of a search.</summary>
    public static IReadOnlyList<QueryParameter> Search { get; } =
    [
        .. Filter,
        new("order", "`desc`: newest first; `asc`: oldest first. `desc` unless told.", Order, "desc"),
        new("limit", $"How many entries; {DefaultLimit} unless told.",
            () => Number(SearchLogsQuery.MinLimit, SearchLogsQuery.MaxLimit, DefaultLimit), DefaultLimit),
        new("cursor", "The `next_cursor` of the page before. The other parameters stay the same, all but `limit`.", () => Text(), Cursor),
    ];

    /// <summary>The parameters of an export.</summary>
    public static IReadOnlyList<QueryParameter> Export { get; } =
    [
        .. Filter,
        new("format", "`ndjson`: one JSON object a line; `csv`: RFC 4180 with a header line. `ndjson` unless told.",
            () => Words(ExportFormats.Ndjson, ExportFormats.Csv), ExportFormats.Ndjson),
        new("order", "`asc`: oldest first; `desc`: newest first. `asc` unless told.", Order, "asc"),
        new("limit", "How many entries at the most; all unless told.", () => Number(1, null, null), 100_000),
        new("cursor", "Where an earlier export or page ended. The other parameters stay the same, all but `limit` and `format`.", () => Text(), Cursor),
        new("proofs", "Whether each entry comes with the proof that it is in the tree; `ndjson` only. `false` unless told.",
            () => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false }, true),
        new("after", "The `seq` of the last entry that a transfer gave before it broke off; not together with `cursor`.", () => Number(0, null, null), 41),
    ];

    /// <summary>The parameters of an event stream.</summary>
    public static IReadOnlyList<QueryParameter> Stream { get; } =
    [
        .. Filter,
        new("after", "Where to go on: `<epoch>-<seq>` as messages gave it, or `now` to be told where that is.", () => Text(), "6f1c2a9b3d4e5f60-41"),
        new("limit", "How many of the newest entries come first; none unless told. Not used with `after`.",
            () => Number(0, ListNewestLogsQuery.MaxLimit, 0), 100),
        new("offset", "How many of the newest entries are passed over before these.", () => Number(0, null, 0), 0),
        new("batch", "`1`: several entries may come in one message, `{\"type\":\"logs_batch\",\"logs\":[...]}`.", () => Words("0", "1"), "1"),
    ];

    private const string Cursor = "AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk";

    private static OpenApiSchema Order() => Words("asc", "desc");

    private static OpenApiSchema Words(params string[] words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => JsonValue.Create(word))] };

    private static OpenApiSchema Text(int? min = null, int? max = null) =>
        new() { Type = JsonSchemaType.String, MinLength = min, MaxLength = max };

    private static OpenApiSchema Number(int min, int? max, int? usual) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = max is null ? "int64" : "int32",
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max?.ToString(CultureInfo.InvariantCulture),
        Default = usual is null ? null : JsonValue.Create(usual.Value),
    };
}

/// <summary>A parameter of a query string.</summary>
/// <param name="Name">Its name, as a message gives it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">Makes its schema.</param>
/// <param name="Example">An example of its value.</param>
internal sealed record QueryParameter(string Name, string Description, Func<OpenApiSchema> Schema, JsonNode Example)
{
    /// <summary>Its name in the OpenAPI document.</summary>
    public string DocumentedName { get; init; } = Name;
}
