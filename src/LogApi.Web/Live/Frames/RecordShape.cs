using System.Text.Json;
using System.Text.Unicode;
using LogApi.Domain.Entries;

namespace LogApi.Web.Live.Frames;

/// <summary>
/// Looks at a stored record just closely enough to put it on the wire unchanged. A record that was edited in the store is
/// served as it is, for verification to judge; one that would break a client's parser, or pass for another kind of message, is not.
/// </summary>
internal static class RecordShape
{
    private const int UserIdIndex = 1;

    private static readonly JsonEncodedText[] Members =
        [.. new[] { "id", "user_id", "query", "status", "timestamp", "hash" }.Select(name => JsonEncodedText.Encode(name))];

    /// <summary>Gives where the encoded user id is in the record, or fails when the record can't be served.</summary>
    public static bool TryLocateUserId(ReadOnlySpan<byte> record, out Range userId)
    {
        userId = default;
        if (record.IsEmpty || record[0] != '{' || record[^1] != '}' || !Utf8.IsValid(record)) return false;
        try
        {
            var json = new Utf8JsonReader(record);
            json.Read();
            for (var i = 0; i < Members.Length; i++)
            {
                if (!json.Read() || json.TokenType != JsonTokenType.PropertyName) return false;
                if (!json.ValueTextEquals(Members[i].EncodedUtf8Bytes)) return false;
                if (!json.Read() || json.TokenType != JsonTokenType.String) return false;
                if (i != UserIdIndex) continue;
                if (!IsCanonical(ref json)) return false;
                var start = (int)json.TokenStartIndex + 1;
                userId = start..(start + json.ValueSpan.Length);
            }

            return json.Read() && SkipContext(ref json) && json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // The reader's word for an escaped lone surrogate.
            return false;
        }
    }

    private static bool SkipContext(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("occurred_at"u8))
        {
            if (!json.Read() || json.TokenType != JsonTokenType.String || !json.Read()) return false;
        }

        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("attributes"u8))
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (!json.Read() || json.TokenType != JsonTokenType.String) return false;
            }

            return json.TokenType == JsonTokenType.EndObject && json.Read();
        }

        return true;
    }

    // Filters compare encoded bytes, so another spelling of the same user id would pass by its user's filter.
    // Text without an escape has no other spelling: what has to be escaped, JSON does not take in any other way.
    private static bool IsCanonical(ref Utf8JsonReader value) =>
        !value.ValueIsEscaped || value.ValueSpan.SequenceEqual(EntryRecord.EncodeText(value.GetString()!));
}
