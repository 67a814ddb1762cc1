using LogApi.Domain.Entries;
using LogApi.Domain.Search;

namespace LogApi.Application.Logs;

/// <summary>Which entries are wanted, as a caller gave it; what is null or empty is no condition.</summary>
public sealed record LogFilterRequest
{
    /// <summary>The user of the entry.</summary>
    public string? UserId { get; init; }

    /// <summary>Any of these statuses.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>The earliest timestamp, inclusive: RFC 3339.</summary>
    public string? From { get; init; }

    /// <summary>The latest timestamp, exclusive: RFC 3339.</summary>
    public string? To { get; init; }

    /// <summary>A text in the query, without regard to case.</summary>
    public string? Text { get; init; }

    /// <summary>All of these attributes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>Whether there is no condition at all.</summary>
    internal bool IsEmpty => UserId is null && HasNoneButUser;

    /// <summary>Whether the user is the only condition.</summary>
    internal bool IsOfUserOnly => UserId is not null && HasNoneButUser;

    private bool HasNoneButUser => Statuses.Count == 0 && From is null && To is null && Text is null && Attributes.Count == 0;

    /// <summary>Names the type alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(LogFilterRequest);

    /// <summary>Makes the filter, of conditions that <see cref="LogFilterValidator{T}"/> has accepted.</summary>
    internal LogFilter ToFilter() => LogFilter.Of(new LogCriteria
    {
        UserId = UserId is null ? null : Domain.Entries.UserId.Create(UserId),
        Statuses = [.. Statuses.Select(LogStatus.Create)],
        From = Instant(From),
        To = Instant(To),
        Text = Text,
        Attributes = Attributes,
    });

    internal static LogTimestamp? Instant(string? text) => LogTimestamp.TryParseInstant(text, out var instant) ? instant : null;
}
