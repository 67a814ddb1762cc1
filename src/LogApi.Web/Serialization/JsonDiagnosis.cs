using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LogApi.Domain.Entries;
using LogApi.Web.Errors;

namespace LogApi.Web.Serialization;

/// <summary>Says why a body that could not be read is not what an endpoint takes.</summary>
internal static class JsonDiagnosis
{
    /// <summary>Explains what the serializer refused for <paramref name="type"/>.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="type">What it was to be.</param>
    /// <param name="name">What a client calls it: a whole body, or one item of many.</param>
    public static Failure Of(in ReadOnlySequence<byte> body, JsonTypeInfo type, string name = "body")
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var errors = Walk(ref json, type, name);
            return Failure.OfFields(errors.Count > 0 ? errors : Only(name, "must be what the documentation of this endpoint says"));
        }
        catch (JsonException malformed)
        {
            // Both count from 0.
            var line = malformed.LineNumber + 1;
            var position = malformed.BytePositionInLine + 1;
            var detail = body.IsEmpty
                ? $"The {name} is empty; a JSON object is required."
                : $"The {name} stops being valid JSON at line {line}, byte {position}.";
            return new Failure(ProblemKinds.MalformedJson, detail) { Errors = Only(name, "must be a JSON object") };
        }
    }

    private static Dictionary<string, string[]> Walk(ref Utf8JsonReader json, JsonTypeInfo type, string name)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            json.Read();
            return Only(name, "must be a JSON object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryGetText(ref json, out var member))
            {
                errors[name] = ["must name its members in valid Unicode, without lone surrogates"];
                json.Read();
                json.Skip();
                continue;
            }

            var known = type.Properties.FirstOrDefault(property => property.Name == member);
            json.Read();
            if (known is not null && Check(ref json, known.PropertyType) is { } problem) errors[member] = [problem];
            if (known is not null && !seen.Add(member)) errors[member] = ["must not be given twice"];
            json.Skip();
        }

        json.Read();
        return errors;
    }

    private static string? Check(ref Utf8JsonReader json, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (json.TokenType == JsonTokenType.Null) return null;
        if (type == typeof(string))
        {
            if (json.TokenType != JsonTokenType.String) return "must be a string";
            return TryGetText(ref json, out _) ? null : "must be valid Unicode, without lone surrogates";
        }

        if (type == typeof(IReadOnlyDictionary<string, string?>)) return CheckTexts(json);
        if (type == typeof(int)) return IsNumber(ref json) && json.TryGetInt32(out _) ? null : "must be an integer";
        if (type == typeof(long)) return IsNumber(ref json) && json.TryGetInt64(out _) ? null : "must be an integer";
        if (type == typeof(bool)) return json.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "must be true or false";
        return null;
    }

    // By value: the caller goes on from where it was.
    private static string? CheckTexts(Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return "must be an object whose values are strings";
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryGetText(ref json, out var key)) return "must have keys in valid Unicode, without lone surrogates";

            // A key that is too long to be one is not repeated in the answer.
            var name = key.Length <= LogAttributes.MaxKeyLength ? $" '{key}'" : "";
            if (!keys.Add(key)) return $"has the key{name} more than once";
            json.Read();
            if (json.TokenType == JsonTokenType.Null) continue;
            if (json.TokenType != JsonTokenType.String) return $"has a value under the key{name} that is not a string";
            if (!TryGetText(ref json, out _)) return $"has a value under the key{name} that is not valid Unicode, without lone surrogates";
        }

        return null;
    }

    private static bool IsNumber(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number;

    private static bool TryGetText(ref Utf8JsonReader json, out string text)
    {
        try
        {
            text = json.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that the bytes or escapes are no valid Unicode.
            text = "";
            return false;
        }
    }

    private static Dictionary<string, string[]> Only(string field, string message) =>
        new(StringComparer.Ordinal) { [field] = [message] };
}
