using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Ports;

/// <summary>
/// Erases the content of entries wherever the store has it, one entry at a time. What is begun is finished, by this process or by
/// another one. Every method throws <see cref="StoreUnavailableException"/> when the store does not answer.
/// </summary>
public interface ILogRedaction
{
    /// <summary>Finishes a redaction that somebody has begun, and gives where the log is then, to be given to <see cref="RedactAsync"/>.</summary>
    Task<LogHead> SettleAsync(CancellationToken cancellationToken);

    /// <summary>Logs a redaction, and erases the entry: all that is left is a record that its leaf in the tree can be made of.</summary>
    /// <param name="redaction">What to redact.</param>
    /// <param name="before">Where the log was before the entry was read.</param>
    /// <param name="cancellationToken">Ends the call as long as nothing is begun.</param>
    Task<RedactionOutcome> RedactAsync(Redaction redaction, LogHead before, CancellationToken cancellationToken);
}

/// <summary>An entry to redact.</summary>
public sealed record Redaction
{
    /// <summary>The status of the entry that tells of a redaction.</summary>
    public static readonly LogStatus Status = LogStatus.Create("REDACTION");

    /// <summary>The entry as it is stored.</summary>
    public required LogEntry Entry { get; init; }

    /// <summary>Its place in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many bytes its record has.</summary>
    public required int Length { get; init; }

    /// <summary>What is to be left of it.</summary>
    public required RedactedRecord Record { get; init; }

    /// <summary>Who asks for it.</summary>
    public required UserId By { get; init; }

    /// <summary>Why, in 1 to 1,024 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>What became of a redaction.</summary>
public enum RedactionOutcome
{
    /// <summary>The entry is redacted, and the log tells it.</summary>
    Done,

    /// <summary>Nothing: another entry, or this one, was redacted meanwhile. Read the entry and try again.</summary>
    Changed,

    /// <summary>Nothing: retention has dropped the entry, or is about to.</summary>
    Dropped,
}
