using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.VerifyLog;
using LogApi.Application.Ports;
using LogApi.Application.Transparency;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Domain.Verification;
using MediatR;

namespace LogApi.Application.Logs.VerifyEntry;

/// <summary>
/// Holds an entry that somebody has against the log. The signed tree counts most: it tells also when the stored entry was changed,
/// dropped or removed. Where it can't tell yet, what the secret says of the store does.
/// </summary>
internal sealed class VerifyEntryQueryHandler(ILogRepository logs, EntryHasher hasher, LogTree tree)
    : IRequestHandler<VerifyEntryQuery, Result<VerifyEntryResponse>>
{
    public async Task<Result<VerifyEntryResponse>> Handle(VerifyEntryQuery request, CancellationToken cancellationToken)
    {
        var given = new GivenEntry(request, hasher);
        var (state, found) = await logs.FindAsync(given.Id, cancellationToken);
        var head = await tree.ReadHeadAsync(cancellationToken);
        return state == IdState.Stored
            ? await CompareAsync(request, given, found, head, cancellationToken)
            : await ProveAloneAsync(request, given, state, head, cancellationToken);
    }

    // The tree keeps the leaves of entries that are not stored any more: with place and salt, one of them can still be proven.
    private async Task<Result<VerifyEntryResponse>> ProveAloneAsync(
        VerifyEntryQuery request, GivenEntry given, IdState state, TreeHead head, CancellationToken cancellationToken)
    {
        var isDropped = state == IdState.Dropped;
        var place = request.LogIndex ?? request.Sequence;
        var proven = place is { } sequence && given.TryMakeLeaf(given.Salt.Span, out var leaf)
            ? await tree.ProveAsync(head, sequence, leaf, cancellationToken)
            : null;
        if (proven is not { State: InclusionState.Included } || (request.Sequence ?? place) != place)
        {
            return isDropped
                ? new EntryDroppedError(
                    $"The entry {given.Id} was stored, and dropped since by retention. With the `log_index` and the `salt` of an export with proofs it can still be compared with the tree.")
                : new NotFoundError($"No entry is stored under the id {given.Id}.");
        }

        return new VerifyEntryResponse
        {
            LogId = given.Id.ToString(),
            Matches = true,
            MatchedBy = "tree",
            Explanation = $"{InTree(head)} The entry itself is not stored any more{(isDropped ? ": retention has dropped it" : "")}.",
            Differences = [],
            Given = Describe(given, proven),
            Verification = new VerificationResponse
            {
                Valid = false,
                VerificationToken = null,
                Error = isDropped
                    ? "the entry was dropped by retention"
                    : "the entry was logged, but the store holds nothing under its id: it was removed from the store",
                HashValid = null,
                Inclusion = "failed",
                LogIndex = place,
                TreeSize = head.Size,
                Redacted = false,
            },
        };
    }

    private async Task<Result<VerifyEntryResponse>> CompareAsync(
        VerifyEntryQuery request, GivenEntry given, FoundRecord found, TreeHead head, CancellationToken cancellationToken)
    {
        var (sequence, record) = found.Stored;
        var verdict = EntryVerification.Of(given.Id, record.Span, found.Side, hasher);
        var stored = await tree.ProveAsync(head, sequence, verdict.Leaf?.Id == given.Id ? verdict.Leaf : null, cancellationToken);
        var differences = EntryComparison.Compare(request, found);
        var (inclusion, place) = await ProveAsync(request, given, found, verdict, head, cancellationToken);
        var (matches, by, explanation) = Judge(given, found, verdict, stored, inclusion, differences);
        if (matches == true && ((request.Sequence ?? place) != place || (request.LogIndex ?? place) != place))
            (matches, explanation) = (false, string.Create(CultureInfo.InvariantCulture, $"The entry was logged, but as number {place}."));
        return new VerifyEntryResponse
        {
            LogId = given.Id.ToString(),
            Matches = matches,
            MatchedBy = by,
            Explanation = explanation,
            Differences = differences,
            Given = Describe(given, inclusion),
            Verification = Verdicts.Join(verdict, stored, sequence),
        };
    }

    // The entry's own salt counts, if it came with it; and where the store says another place, so does the entry's own.
    private async Task<(InclusionVerdict? Inclusion, long Place)> ProveAsync(
        VerifyEntryQuery request, GivenEntry given, FoundRecord found, EntryVerification verdict, TreeHead head, CancellationToken cancellationToken)
    {
        var place = found.Stored.Sequence;
        var salt = given.Salt.IsEmpty && !verdict.Redacted && EntrySide.TryDecode(found.Side, out var beside) ? beside.Salt : given.Salt;
        if (!given.TryMakeLeaf(salt.Span, out var leaf)) return (null, place);
        var inclusion = await tree.ProveAsync(head, place, leaf, cancellationToken);
        if (inclusion.State == InclusionState.Included || (request.LogIndex ?? request.Sequence) is not { } own || own == place)
            return (inclusion, place);
        var elsewhere = await tree.ProveAsync(head, own, leaf, cancellationToken);
        return elsewhere.State == InclusionState.Included ? (elsewhere, own) : (inclusion, place);
    }

    private static (bool? Matches, string? By, string Explanation) Judge(
        GivenEntry given,
        FoundRecord found,
        EntryVerification verdict,
        InclusionVerdict stored,
        InclusionVerdict? inclusion,
        IReadOnlyList<EntryDifference> differences)
    {
        if (inclusion is { State: InclusionState.Included })
        {
            return (true, "tree", differences.Count == 0 && stored.State == InclusionState.Included
                ? InTree(inclusion.Head)
                : $"{InTree(inclusion.Head)} What is stored differs from it.");
        }

        if (verdict is { Redacted: true, Leaf: { } kept }) return JudgeByCommitment(given, kept, differences);
        var isTagged = given.IsTagged(found.Side);
        if (inclusion is { State: InclusionState.Failed, IsTreeDamaged: false })
        {
            // Of a stored entry that is not the tree's either, nobody knows what else was changed: it may be the salt.
            return isTagged && given.Salt.IsEmpty && stored.State != InclusionState.Included
                ? (null, null, "The tree has another leaf in the entry's place: what is stored of it, or the salt of its leaf, was changed. "
                    + "With the `salt` of an export with proofs the entry could be compared with the tree.")
                : (false, "tree", "The entry is not the one that was logged: the tree has another leaf in its place.");
        }

        if (isTagged)
        {
            return (true, "store", "The entry is the one that was logged, by what this service's secret says of it. "
                + (differences.Count == 0 ? "" : "What is stored differs from it. ") + Why(inclusion));
        }

        return verdict.Valid || differences.Count > 0
            ? (false, "store", "The entry is not the one that was logged: it differs from the one that is stored.")
            : (null, null, "The entry is the one that is stored, but that is not what was logged.");
    }

    private static (bool? Matches, string? By, string Explanation) JudgeByCommitment(
        GivenEntry given, LogLeaf kept, IReadOnlyList<EntryDifference> differences)
    {
        if (given.TryMakeLeaf(given.Salt.Span, out var leaf))
        {
            return leaf == kept
                ? (true, "commitment", "The stored entry was redacted; the entry is the one that its commitment was made of.")
                : (false, "commitment", "The stored entry was redacted; the entry is not the one that its commitment was made of.");
        }

        return differences.Count > 0
            ? (false, "store", "The entry is not the one that was logged: it differs from what is left of the one that was redacted.")
            : (null, null, "The stored entry was redacted. With the `salt` of an export with proofs the entry could be compared with what is left of it.");
    }

    private static string Why(InclusionVerdict? inclusion) => inclusion switch
    {
        { State: InclusionState.Pending } => "No checkpoint covers it yet.",
        { Problem: { } problem } => $"The tree can't confirm it: {problem}.",
        _ => "The tree can't confirm it: the salt of its leaf is gone.",
    };

    private static string InTree(TreeHead head) => string.Create(
        CultureInfo.InvariantCulture, $"The entry is the one that was logged: it is in the tree that the checkpoint of size {head.Size} signs.");

    private static GivenEntryResponse Describe(GivenEntry given, InclusionVerdict? inclusion) =>
        new() { HashValid = given.HashValid, Inclusion = inclusion?.Word };
}
