namespace LogApi.EndToEnd.Tests.Live;

/// <summary>The kinds of live stream.</summary>
internal enum StreamKind
{
    /// <summary><c>/ws/logs</c>: history first.</summary>
    Logs,

    /// <summary><c>/ws/stream</c>: live entries only.</summary>
    Stream,

    /// <summary><c>GET /api/v1/logs/stream</c>: server-sent events.</summary>
    Events,
}

/// <summary>What a client of a live stream asks for, and how it behaves.</summary>
internal sealed record FollowerPlan
{
    public required StreamKind Kind { get; init; }

    /// <summary>Whether several entries may come in one message.</summary>
    public bool IsBatched { get; init; }

    /// <summary>The parameters of its filter; empty for all entries.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Whether an entry passes that filter.</summary>
    public Func<LoggedEntry, bool> Wants { get; init; } = _ => true;

    /// <summary>Whether it asks at first where it begins, as a client of the guide does not.</summary>
    public bool AsksWhere { get; init; }

    /// <summary>Whether it breaks off now and then by itself.</summary>
    public bool IsRestless { get; init; }

    /// <summary>Whether it often stops reading for a while, with hardly any room for what is sent meanwhile.</summary>
    public bool IsSlow { get; init; }

    public override string ToString() =>
        $"{Kind}{(IsBatched ? " batched" : "")}{(IsRestless ? " restless" : "")}{(IsSlow ? " slow" : "")} {Filter}".TrimEnd();
}

/// <summary>An entry as the log has it in the end.</summary>
internal sealed record LoggedEntry(long Seq, Guid Id, string UserId, string Status, string Query, string? Part);
