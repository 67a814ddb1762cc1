using System.Text.Json.Serialization;

namespace LogApi.Application.Logs.GetStats;

/// <summary>What is in the log, in numbers.</summary>
public sealed record StatsResponse
{
    /// <summary>The log as a whole.</summary>
    public required TotalsResponse Totals { get; init; }

    /// <summary>
    /// How many of the kept entries have each status. The first thousand statuses are counted by name, and all others together
    /// as `*`.
    /// </summary>
    /// <example>{"SUCCESS":40,"FAILURE":1}</example>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>The last 60 minutes, the oldest first; the last one is under way.</summary>
    public required IReadOnlyList<MinuteCountResponse> ByMinute { get; init; }

    /// <summary>The users with the most kept entries, the busiest first.</summary>
    public required IReadOnlyList<UserCountResponse> BusiestUsers { get; init; }
}

/// <summary>The log as a whole.</summary>
public sealed record TotalsResponse
{
    /// <summary>How many entries are kept.</summary>
    /// <example>41</example>
    public required long Kept { get; init; }

    /// <summary>How many entries were ever stored; retention may have dropped some of them.</summary>
    /// <example>42</example>
    public required long Written { get; init; }

    /// <summary>How many bytes the kept entries have as JSON.</summary>
    /// <example>10100</example>
    public required long Bytes { get; init; }

    /// <summary>How many users the kept entries have.</summary>
    /// <example>2</example>
    public required long Users { get; init; }

    /// <summary>How much memory the whole store takes, in bytes; left out when the store does not say.</summary>
    /// <example>1500000</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? StoreMemoryBytes { get; init; }
}

/// <summary>What was stored in one minute.</summary>
public sealed record MinuteCountResponse
{
    /// <summary>When the minute begins: UTC, ISO 8601.</summary>
    /// <example>2026-03-01T12:00:00.000000Z</example>
    public required string Minute { get; init; }

    /// <summary>How many entries were stored, kept or not.</summary>
    /// <example>3</example>
    public required long Entries { get; init; }

    /// <summary>How many of them have each status. The first 50 statuses of a minute are counted by name, and all others as `*`.</summary>
    /// <example>{"SUCCESS":3}</example>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }
}

/// <summary>How many entries of a user are kept.</summary>
public sealed record UserCountResponse
{
    /// <summary>The user.</summary>
    /// <example>your_user_id</example>
    public required string UserId { get; init; }

    /// <summary>How many entries.</summary>
    /// <example>40</example>
    public required long Entries { get; init; }
}
