using System.Text.Json.Serialization;
using LogApi.Application.Logs;

namespace LogApi.Web.Search;

/// <summary>A page of entries.</summary>
public sealed record LogSearchResponse
{
    /// <summary>The entries, in the order asked for.</summary>
    public required IReadOnlyList<LogEntryResponse> Items { get; init; }

    /// <summary>
    /// What to send as `cursor` for the page after this one. Newest first, null at the oldest entry. Oldest first there is always
    /// one: asked for later, it gives what was added since.
    /// </summary>
    /// <example>AQAAAAAAAAAAKWyeJr1gT5ElDgvTOfYDgqk</example>
    public required string? NextCursor { get; init; }

    /// <summary>
    /// Whether there may be more entries now. A page can have fewer than `limit`, or none, and more to follow, when few entries
    /// match: then this many were looked through.
    /// </summary>
    /// <example>true</example>
    public required bool HasMore { get; init; }

    /// <summary>Left out when there are none: entries of this page that can't be given out because the store was changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GapResponse>? Gaps { get; init; }
}

/// <summary>Entries that can't be given out because the store was changed.</summary>
public sealed record GapResponse
{
    /// <summary>The `seq` of the first.</summary>
    /// <example>17</example>
    public required long From { get; init; }

    /// <summary>The `seq` of the last.</summary>
    /// <example>17</example>
    public required long To { get; init; }

    /// <summary>Why.</summary>
    /// <example>the stored record is damaged</example>
    public required string Reason { get; init; }
}
