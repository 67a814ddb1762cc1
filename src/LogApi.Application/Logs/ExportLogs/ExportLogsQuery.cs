using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Logs.ExportLogs;

/// <summary>Asks for all entries that meet some conditions, of those that are stored now.</summary>
/// <param name="Filter">The conditions.</param>
/// <param name="Order"><c>asc</c>, oldest first, or <c>desc</c>; null for <c>asc</c>.</param>
/// <param name="Limit">How many entries at the most; all when null.</param>
/// <param name="Cursor">Where an export or a page before ended; null to begin at the beginning.</param>
/// <param name="After">The number of the last entry that a broken export gave; null to begin at the beginning.</param>
public sealed record ExportLogsQuery(LogFilterRequest Filter, string? Order, long? Limit, string? Cursor, long? After)
    : IRequest<Result<LogExport>>, ILogScanRequest
{
    /// <summary>Whether each entry comes with the proof that it is in the tree of the newest checkpoint, and only those that are.</summary>
    public bool Proofs { get; init; }

    /// <summary>Names the request alone: what is looked for is not for the service's own log.</summary>
    public override string ToString() => nameof(ExportLogsQuery);
}

/// <summary>An export that has not begun.</summary>
/// <param name="NextCursor">
/// Where to go on after all of it, for what is added later; null when a limit may end it earlier, and newest first.
/// </param>
/// <param name="Steps">What to write, read from the store as it is asked for.</param>
public sealed record LogExport(string? NextCursor, IAsyncEnumerable<LogExportStep> Steps)
{
    /// <summary>What the proofs lead to; null when there are none.</summary>
    public PublishedCheckpoint? Checkpoint { get; init; }
}

/// <summary>A part of an export.</summary>
/// <param name="Records">The records. Those that are gone from the store or damaged are among them.</param>
/// <param name="NextCursor">Where to go on after this part; null when nothing can follow, as newest first at the oldest entry.</param>
/// <param name="HasMore">Whether there may be more entries after it, in the log as it was when the export began.</param>
/// <param name="Proofs">The inclusion proof of each record; null when they were not asked for.</param>
public readonly record struct LogExportStep(
    IReadOnlyList<StoredRecord> Records, string? NextCursor, bool HasMore, IReadOnlyList<IReadOnlyList<TreeHash>>? Proofs = null);
