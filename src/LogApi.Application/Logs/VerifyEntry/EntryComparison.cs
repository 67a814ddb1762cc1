using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Application.Logs.VerifyEntry;

/// <summary>Says where an entry that was sent and the one that is stored differ.</summary>
internal static class EntryComparison
{
    /// <param name="query">What was sent.</param>
    /// <param name="found">What is stored.</param>
    public static IReadOnlyList<EntryDifference> Compare(VerifyEntryQuery query, FoundRecord found)
    {
        var differences = new List<EntryDifference>();
        var sequence = Text(found.Stored.Sequence);
        var record = found.Stored.Record.Span;
        if (query.Sequence is { } number) Add("seq", Text(number), sequence);
        if (query.LogIndex is { } index) Add("log_index", Text(index), sequence);
        var given = query.Entry;
        if (RedactedRecord.TryDecode(record, out var redacted))
        {
            // What was erased differs from nothing.
            Add("id", given.Id?.ToLowerInvariant(), redacted.Leaf.Id.ToString());
            Add("timestamp", given.Timestamp, redacted.Leaf.Timestamp.Text);
            if (query.Commitment is not null) Add("commitment", query.Commitment, redacted.Leaf.Commitment.ToString());
            return differences;
        }

        EntryRecord.TryDecode(record, out var stored, out _);
        Add("id", given.Id?.ToLowerInvariant(), stored?.Id.ToString());
        Add("timestamp", given.Timestamp, stored?.Timestamp.Text);
        if (query.Redacted)
        {
            Difference("redacted", "true", held: null);
            return differences;
        }

        Add("user_id", given.UserId, stored?.UserId.Value);
        Add("query", given.Query, stored?.Query.Value);
        Add("status", given.Status, stored?.Status.Value);
        Add("hash", given.Hash, stored?.Hash.Hex);
        Add("occurred_at", given.OccurredAt, stored?.OccurredAt?.Text);
        if (query.Salt is not null && EntrySide.TryDecode(found.Side, out var beside))
            Add("salt", query.Salt, Convert.ToBase64String(beside.Salt.Span));
        var attributes = (given.Attributes ?? []).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var kept = (stored?.Attributes.Pairs ?? []).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var key in attributes.Keys.Union(kept.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            // An attribute that is null was sent, and no stored one is.
            var (isGiven, isKept) = (attributes.TryGetValue(key, out var value), kept.TryGetValue(key, out var text));
            if (isGiven != isKept || value != text) Difference("attributes." + key, value, text);
        }

        return differences;

        void Add(string field, string? sent, string? held)
        {
            if (!string.Equals(sent, held, StringComparison.Ordinal)) Difference(field, sent, held);
        }

        void Difference(string field, string? sent, string? held) =>
            differences.Add(new EntryDifference { Field = field, Given = sent, Stored = held });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
