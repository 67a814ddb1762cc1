using System.Text.Json;
using LogApi.Application.Logs.CreateLogs;

namespace LogApi.Web.Bulk;

/// <summary>
/// Reads an item that is as it should be, by hand: the serializer takes about three times as long. It gives up on anything else
/// without saying why; <see cref="Serialization.JsonDiagnosis"/> does that, for the few that need it.
/// </summary>
internal sealed class LogItemParser
{
    // Most items have the status of the one before.
    private string _lastStatus = "";

    public LogItem? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && ReadMembers(ref reader) is { } item && !reader.Read()
                ? item
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that the bytes or escapes of a text are no valid Unicode.
            return null;
        }
    }

    private LogItem? ReadMembers(ref Utf8JsonReader reader)
    {
        string? id = null, query = null, status = null, occurredAt = null;
        List<KeyValuePair<string, string?>>? attributes = null;
        var seen = Member.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = NameOf(ref reader);
            if ((seen & member) != Member.None) return null;
            seen |= member;
            reader.Read();
            switch (member)
            {
                case Member.None:
                    reader.Skip();
                    break;
                case Member.Attributes when reader.TokenType == JsonTokenType.StartObject:
                    if (ReadPairs(ref reader) is not { } pairs) return null;
                    attributes = pairs;
                    break;
                case var _ when reader.TokenType == JsonTokenType.Null:
                    break;
                case Member.Attributes:
                case var _ when reader.TokenType != JsonTokenType.String:
                    return null;
                case Member.Query:
                    query = reader.GetString();
                    break;
                case Member.Status:
                    if (!reader.ValueTextEquals(_lastStatus)) _lastStatus = reader.GetString()!;
                    status = _lastStatus;
                    break;
                case Member.Id:
                    id = reader.GetString();
                    break;
                case Member.OccurredAt:
                    occurredAt = reader.GetString();
                    break;
            }
        }

        return new LogItem { Id = id, Query = query, Status = status, OccurredAt = occurredAt, Attributes = attributes };
    }

    private static Member NameOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("query"u8)) return Member.Query;
        if (reader.ValueTextEquals("status"u8)) return Member.Status;
        if (reader.ValueTextEquals("attributes"u8)) return Member.Attributes;
        if (reader.ValueTextEquals("occurred_at"u8)) return Member.OccurredAt;
        return reader.ValueTextEquals("id"u8) ? Member.Id : Member.None;
    }

    private static List<KeyValuePair<string, string?>>? ReadPairs(ref Utf8JsonReader reader)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) return null;
            pairs.Add(new(key, reader.GetString()));
        }

        return pairs;
    }

    [Flags]
    private enum Member
    {
        None = 0,
        Query = 1,
        Status = 2,
        Id = 4,
        OccurredAt = 8,
        Attributes = 16,
    }
}
