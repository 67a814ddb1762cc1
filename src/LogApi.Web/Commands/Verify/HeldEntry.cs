using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>An entry as somebody has it, and the leaf that the tree must have of it.</summary>
/// <param name="Leaf">The leaf that follows from it.</param>
internal sealed record HeldEntry(LogLeaf Leaf)
{
    private static readonly string[] Content = ["user_id", "query", "status", "hash", "occurred_at", "attributes"];
    private static readonly string[] Beside = ["id", "timestamp", "seq", "log_index", "salt", "inclusion", "redacted", "commitment"];

    /// <summary>Whether its content was erased.</summary>
    public bool IsRedacted { get; private init; }

    /// <summary>Its places in the log and in the tree, which are the same, as far as it came with them.</summary>
    public IReadOnlyList<long> Places { get; private init; } = [];

    /// <summary>The inclusion proof that it came with.</summary>
    public IReadOnlyList<TreeHash>? Inclusion { get; private init; }

    /// <summary>
    /// Reads an entry. Nothing that the leaf does not cover may be in it, but for its place and its proof: a reader would take it for
    /// proven.
    /// </summary>
    /// <param name="json">The entry.</param>
    /// <param name="saltBeside">The salt, in base64, when it does not stand in the entry itself.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence.</param>
    public static bool TryRead(
        JsonElement json, string? saltBeside, [NotNullWhen(true)] out HeldEntry? entry, [NotNullWhen(false)] out string? problem)
    {
        entry = null;
        problem = CheckMembers(json) ?? (IsFormOfRedacted(json) ? ReadRedacted(json, out entry) : Read(json, saltBeside, out entry));
        if (entry is null || !json.TryGetProperty("inclusion", out _)) return entry is not null;
        if (json.Hashes("inclusion") is { } inclusion)
        {
            entry = entry with { Inclusion = inclusion };
            return true;
        }

        (entry, problem) = (null, "has a member inclusion of another form than the service gives it");
        return false;
    }

    private static bool IsFormOfRedacted(JsonElement json) =>
        json.TryGetProperty("redacted", out var redacted) && redacted.ValueKind != JsonValueKind.False;

    private static string? CheckMembers(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            var isOfContent = Content.Contains(member.Name, StringComparer.Ordinal);
            if (!isOfContent && !Beside.Contains(member.Name, StringComparer.Ordinal))
                return $"has a member {VerifyReport.Quote(member.Name)}, which was not logged";
            var isRight = member.Name switch
            {
                "seq" or "log_index" => json.Number(member.Name) is >= 0,
                "redacted" => member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "inclusion" => true,
                "attributes" => member.Value.ValueKind == JsonValueKind.Object,
                "salt" => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null,
                _ => member.Value.ValueKind == JsonValueKind.String,
            };
            if (!isRight) return $"has a member {member.Name} of another form than the service gives it";
        }

        // A UUID has other spellings, and a leaf only one.
        return LogId.TryCreate(json.Text("id"), out var id) && id.ToString() == json.Text("id")
            ? null
            : "has an id that is not a UUID as the service writes them";
    }

    private static string? ReadRedacted(JsonElement json, out HeldEntry? entry)
    {
        entry = null;
        if (Array.Find(Content, name => json.TryGetProperty(name, out _)) is { } left) return $"is redacted, but has a {left}";
        if (json.Text("salt") is not null) return "is redacted, but has a salt";
        if (!LogTimestamp.TryParse(json.Text("timestamp"), out var timestamp)) return "has a timestamp that this service does not write";
        if (!TreeHash.TryParse(json.Text("commitment"), out var commitment)) return "is redacted and has no commitment, so no leaf follows from it";
        entry = new HeldEntry(new LogLeaf(LogId.Create(json.Text("id")), timestamp, commitment)) { IsRedacted = true, Places = PlacesOf(json) };
        return null;
    }

    private static string? Read(JsonElement json, string? saltBeside, out HeldEntry? entry)
    {
        entry = null;
        if (json.TryGetProperty("commitment", out _)) return "has a commitment without being redacted";
        var text = new EntryText
        {
            Id = json.Text("id"),
            UserId = json.Text("user_id"),
            Query = json.Text("query"),
            Status = json.Text("status"),
            Timestamp = json.Text("timestamp"),
            Hash = json.Text("hash"),
            OccurredAt = json.Text("occurred_at"),
            Attributes = ReadAttributes(json),
        };
        if (!text.TryRead(out var read, out var problem)) return $"is no entry: its {problem}";
        var salt = json.Text("salt") ?? saltBeside;
        if (salt is null) return "has no salt, so no leaf follows from it";
        if (!StrictBase64.TryDecode(salt, out var bytes) || bytes.Length != LogLeaf.SaltSize) return "has a salt that is not 16 bytes in base64";
        entry = new HeldEntry(LogLeaf.Of(read, bytes)) { Places = PlacesOf(json) };
        return null;
    }

    private static List<KeyValuePair<string, string?>>? ReadAttributes(JsonElement json) =>
        json.TryGetProperty("attributes", out var attributes)
            ? [.. attributes.EnumerateObject().Select(pair =>
                KeyValuePair.Create(pair.Name, pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString() : null))]
            : null;

    private static List<long> PlacesOf(JsonElement json)
    {
        var places = new List<long>();
        if (json.Number("seq") is { } sequence) places.Add(sequence);
        if (json.Number("log_index") is { } index) places.Add(index);
        return places;
    }
}
