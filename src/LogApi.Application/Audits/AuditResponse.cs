using System.Text.Json.Serialization;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Application.Audits;

/// <summary>An audit, as far as it is.</summary>
public sealed record AuditResponse
{
    /// <summary>The audit's UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string Id { get; init; }

    /// <summary>
    /// `running`, `completed`, `failed`, or `damaged` when what the store held of the audit itself was changed there.
    /// </summary>
    /// <example>completed</example>
    public required string State { get; init; }

    /// <summary>How many entries it covers: those of the newest checkpoint when it was started.</summary>
    /// <example>1000000</example>
    public required long TreeSize { get; init; }

    /// <summary>How many of these were looked at; those that retention has dropped are not among them.</summary>
    /// <example>1000000</example>
    public required long EntriesChecked { get; init; }

    /// <summary>How much of it is done.</summary>
    /// <example>100</example>
    public required int Percent { get; init; }

    /// <summary>When it was started: UTC, ISO 8601.</summary>
    /// <example>2026-03-01T12:00:00.000000Z</example>
    public required string StartedAt { get; init; }

    /// <summary>When it ended; left out before that.</summary>
    /// <example>2026-03-01T12:00:10.000000Z</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndedAt { get; init; }

    /// <summary>How many entries were looked at in a second.</summary>
    /// <example>100000</example>
    public required long Rate { get; init; }

    /// <summary>`intact` when nothing was changed, `tampered` as soon as something is found, and null until it is known.</summary>
    /// <example>tampered</example>
    public required string? Verdict { get; init; }

    /// <summary>What was found, in the order of the log.</summary>
    public required IReadOnlyList<AuditFindingResponse> Findings { get; init; }

    /// <summary>How many more findings there are than are listed.</summary>
    /// <example>0</example>
    public required long MoreFindings { get; init; }

    /// <summary>What could not be looked at, and why; left out when there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Unchecked { get; init; }

    /// <summary>Why it failed or says nothing; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Failure { get; init; }

    /// <summary>Makes the answer.</summary>
    public static AuditResponse Of(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new AuditResponse
        {
            Id = report.Id.ToString(),
            State = report.State switch
            {
                AuditState.Running => "running",
                AuditState.Completed => "completed",
                AuditState.Failed => "failed",
                _ => "damaged",
            },
            TreeSize = report.TreeSize,
            EntriesChecked = report.EntriesChecked,
            Percent = report.Percent,
            StartedAt = LogTimestamp.From(report.StartedAt).Text,
            EndedAt = report.EndedAt is { } ended ? LogTimestamp.From(ended).Text : null,
            Rate = (long)report.Rate,
            Verdict = report.IsIntact switch
            {
                true => "intact",
                false => "tampered",
                null => null,
            },
            Findings = [.. report.Findings.Select(AuditFindingResponse.Of)],
            MoreFindings = report.MoreFindings,
            Unchecked = report.Unchecked.Count > 0 ? report.Unchecked : null,
            Failure = report.Failure,
        };
    }
}

/// <summary>Something that is not as this service has left it.</summary>
public sealed record AuditFindingResponse
{
    /// <summary>The first entry that it is about, by its sequence number; null when it is about none.</summary>
    /// <example>4711</example>
    public required long? From { get; init; }

    /// <summary>The last one.</summary>
    /// <example>4711</example>
    public required long? To { get; init; }

    /// <summary>
    /// The check that has noticed it: `record`, `hash`, `binding`, `leaf`, `tile`, `root`, `signature`, `tree`, `ids`, `times`,
    /// `users`, `head`, `dropped`, `redaction` or `key`.
    /// </summary>
    /// <example>hash</example>
    public required string Check { get; init; }

    /// <summary>What is wrong, in plain words.</summary>
    /// <example>hash mismatch: user_id, query, status, timestamp or hash was changed after the entry was written</example>
    public required string What { get; init; }

    internal static AuditFindingResponse Of(AuditFinding finding) =>
        new() { From = finding.From, To = finding.To, Check = finding.Check, What = finding.What };
}
