using System.Text.Json;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>An audit as the store holds it: all that it takes to go on with it, in any process.</summary>
internal sealed record AuditRecord
{
    public required Guid Id { get; init; }

    public required AuditState State { get; init; }

    public required string Origin { get; init; }

    public required long Size { get; init; }

    public required long Base { get; init; }

    /// <summary>The root of the checkpoint, as text.</summary>
    public required string Root { get; init; }

    /// <summary>The signed checkpoint.</summary>
    public required string Note { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Failure { get; init; }

    /// <summary>The first bundle that was not looked at yet.</summary>
    public long NextBundle { get; init; }

    /// <summary>The bundles of which the indexes of the sealed part were looked at: all below.</summary>
    public long IndexedBundles { get; init; }

    public long EntriesChecked { get; init; }

    /// <summary>How long it has worked.</summary>
    public TimeSpan Worked { get; init; }

    /// <summary>The latest time of an entry, in microseconds since 1970.</summary>
    public long LatestMicros { get; init; } = -1;

    public long Lost { get; init; }

    /// <summary>Which secret the sums follow from.</summary>
    public required uint SecretId { get; init; }

    /// <summary>What the entries of each chunk add up to.</summary>
    public IReadOnlyList<ChunkTotals> Chunks { get; init; } = [];

    /// <summary>Redacted entries of which no entry has told yet.</summary>
    public IReadOnlyList<long> Untold { get; init; } = [];

    /// <summary>How many redacted entries there are.</summary>
    public long Redacted { get; init; }

    /// <summary>How many redactions the head had counted, and whether one was under way, when it was started.</summary>
    public long RedactionsBefore { get; init; }

    public IReadOnlyList<AuditFinding> Findings { get; init; } = [];

    public long MoreFindings { get; init; }

    public IReadOnlyList<string> Unchecked { get; init; } = [];

    public AuditTarget Target => new(Origin, Size, Base);

    /// <summary>Gives it as the rest of the service sees it.</summary>
    public AuditReport ToReport()
    {
        var seconds = Worked.TotalSeconds;
        return new AuditReport
        {
            Id = Id,
            State = State,
            TreeSize = Size,
            EntriesChecked = EntriesChecked,
            Percent = State == AuditState.Completed ? 100 : (int)(Size == 0 ? 0 : Math.Min(99, 100 * NextBundle * RedisKeys.BundleSize / Size)),
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            Rate = seconds > 0 ? EntriesChecked / seconds : 0,
            Findings = Findings,
            MoreFindings = MoreFindings,
            Unchecked = Unchecked,
            Failure = Failure,
        };
    }

    /// <summary>Gives it for the store: JSON, and its seal behind.</summary>
    public byte[] Encode(StoreSeal seal, string key)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this);
        return [.. json, .. seal.Of(key, json)];
    }

    /// <summary>Reads what <see cref="Encode"/> gives; null when somebody changed it.</summary>
    public static AuditRecord? TryDecode(StoreSeal seal, string key, ReadOnlyMemory<byte> stored)
    {
        var end = Math.Max(0, stored.Length - StoreSeal.Size);
        return seal.IsOf(key, stored.Span[..end], stored.Span[end..]) ? JsonSerializer.Deserialize<AuditRecord>(stored.Span[..end]) : null;
    }
}

/// <summary>What the entries of a chunk of 1,024 bundles add up to.</summary>
internal sealed record ChunkTotals
{
    public required long Chunk { get; init; }

    /// <summary>The first bundle that was added up: those before it were dropped.</summary>
    public long First { get; init; }

    /// <summary>The bundle behind the last one.</summary>
    public long End { get; init; }

    /// <summary>How many bytes the records have.</summary>
    public long Bytes { get; init; }

    /// <summary>How many ids need a row of their own when they are sealed.</summary>
    public long Others { get; init; }

    /// <summary>See <see cref="AuditKeys"/>.</summary>
    public UInt128 Users { get; init; }

    /// <summary>See <see cref="AuditKeys"/>.</summary>
    public UInt128 Statuses { get; init; }

    /// <summary>Adds another one's sums.</summary>
    public ChunkTotals Plus(ChunkTotals other) => unchecked(this with
    {
        Bytes = Bytes + other.Bytes,
        Others = Others + other.Others,
        Users = Users + other.Users,
        Statuses = Statuses + other.Statuses,
    });
}
