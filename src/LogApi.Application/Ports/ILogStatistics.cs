using LogApi.Application.Common.Errors;

namespace LogApi.Application.Ports;

/// <summary>What the store counts while it writes. Reading it takes as long for a large log as for a small one.</summary>
public interface ILogStatistics
{
    /// <summary>Reads what is counted.</summary>
    /// <param name="users">How many of the busiest users.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<LogCounts> ReadAsync(int users, CancellationToken cancellationToken);
}

/// <summary>What is counted of the log.</summary>
public sealed record LogCounts
{
    /// <summary>Stands for the statuses that came after so many others that they are not counted by name; no status has this name.</summary>
    public const string OtherStatuses = "*";

    /// <summary>How many entries were ever stored.</summary>
    public required long Written { get; init; }

    /// <summary>How many of them are kept.</summary>
    public required long Kept { get; init; }

    /// <summary>How many bytes the kept entries have as JSON.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many users the kept entries have.</summary>
    public required long Users { get; init; }

    /// <summary>How many of the kept entries have each status.</summary>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>How many entries of each status were stored in the latest minutes, an hour of them at the least.</summary>
    public required IReadOnlyDictionary<DateTime, IReadOnlyDictionary<string, long>> ByMinute { get; init; }

    /// <summary>The users with the most kept entries, the busiest first.</summary>
    public required IReadOnlyList<UserCount> BusiestUsers { get; init; }

    /// <summary>How much memory the whole store takes, in bytes; none when it does not say.</summary>
    public required long? StoreMemory { get; init; }
}

/// <summary>How many entries of a user are kept.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Entries">How many.</param>
public readonly record struct UserCount(string UserId, long Entries);
