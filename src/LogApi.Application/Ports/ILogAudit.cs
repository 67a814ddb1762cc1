using LogApi.Application.Common.Errors;

namespace LogApi.Application.Ports;

/// <summary>
/// Looks through everything that the store holds of the log for what was changed there. One audit is under way at a time, in
/// whichever process; should that one end, another goes on. Every method throws <see cref="StoreUnavailableException"/> when the
/// store does not answer.
/// </summary>
public interface ILogAudit
{
    /// <summary>Starts an audit over the entries that the newest checkpoint covers, unless one is under way.</summary>
    Task<AuditStart> StartAsync(CancellationToken cancellationToken);

    /// <summary>Gives an audit; null when there is none under this id, or none any more.</summary>
    Task<AuditReport?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Gives the audits that are remembered, the newest first.</summary>
    Task<IReadOnlyList<AuditReport>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>Carries out an audit at once and as fast as it can, without a word in the store.</summary>
public interface IAuditRunner
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="progress">Is told how many entries there are, and how many more were looked at; from several threads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was found; null when there is no checkpoint that entries could be held against.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<AuditReport?> RunAsync(Action<long, int> progress, CancellationToken cancellationToken);
}

/// <summary>What became of the wish for an audit.</summary>
/// <param name="Report">The audit that has begun; null when none has.</param>
/// <param name="Running">The audit that was under way already; null when there was none, so that there is nothing to audit yet.</param>
public sealed record AuditStart(AuditReport? Report, Guid? Running);

/// <summary>An audit, as far as it is.</summary>
public sealed record AuditReport
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>How far it is.</summary>
    public required AuditState State { get; init; }

    /// <summary>How many entries it covers.</summary>
    public required long TreeSize { get; init; }

    /// <summary>How many of these were looked at. Those that retention has dropped are not among them.</summary>
    public required long EntriesChecked { get; init; }

    /// <summary>How much of it is done, 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null before that.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many entries were looked at in a second, while it was under way.</summary>
    public required double Rate { get; init; }

    /// <summary>What was found.</summary>
    public required IReadOnlyList<AuditFinding> Findings { get; init; }

    /// <summary>How many more findings there are than are kept.</summary>
    public required long MoreFindings { get; init; }

    /// <summary>What could not be held against anything, and why; each in a sentence.</summary>
    public required IReadOnlyList<string> Unchecked { get; init; }

    /// <summary>Why it failed, in a sentence; null unless it did.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether nothing was changed; null until that is known.</summary>
    public bool? IsIntact => Findings.Count > 0 ? false : State == AuditState.Completed ? true : null;
}

/// <summary>How far an audit is.</summary>
public enum AuditState
{
    /// <summary>It is under way.</summary>
    Running,

    /// <summary>It has looked at everything.</summary>
    Completed,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>What the store held of it was changed there, so that it says nothing any more.</summary>
    Damaged,
}

/// <summary>Something that is not as this service has left it.</summary>
/// <param name="From">The first entry that it is about, by its sequence number; null when it is about none.</param>
/// <param name="To">The last one.</param>
/// <param name="Check">The check that has noticed it, a stable word: one of <see cref="AuditChecks"/>.</param>
/// <param name="What">What is wrong, in plain words.</param>
public sealed record AuditFinding(long? From, long? To, string Check, string What);

/// <summary>The checks of an audit, by the words that its findings have.</summary>
public static class AuditChecks
{
    /// <summary>The stored bytes are those of an entry.</summary>
    public const string Record = "record";

    /// <summary>The entry's keyed hash.</summary>
    public const string Hash = "hash";

    /// <summary>What binds the entry's content to its id.</summary>
    public const string Binding = "binding";

    /// <summary>The entry is the one that the tree has in its place.</summary>
    public const string Leaf = "leaf";

    /// <summary>The tree's tiles lead to each other.</summary>
    public const string Tile = "tile";

    /// <summary>The tiles lead to the root of the checkpoint.</summary>
    public const string Root = "root";

    /// <summary>The checkpoint is signed with the log's key.</summary>
    public const string Signature = "signature";

    /// <summary>What the store has published of the tree fits together, and no signed checkpoint contradicts it.</summary>
    public const string Tree = "tree";

    /// <summary>Ids lead to their entries, and to no others.</summary>
    public const string Ids = "ids";

    /// <summary>The index of times.</summary>
    public const string Times = "times";

    /// <summary>The index of users, and what is counted of them.</summary>
    public const string Users = "users";

    /// <summary>The head: where the log begins and ends, and what is counted of it.</summary>
    public const string Head = "head";

    /// <summary>What was dropped is noted, and gone.</summary>
    public const string Dropped = "dropped";

    /// <summary>Redactions and the entries that tell of them.</summary>
    public const string Redaction = "redaction";

    /// <summary>Keys in the store that belong to nothing.</summary>
    public const string Key = "key";
}
