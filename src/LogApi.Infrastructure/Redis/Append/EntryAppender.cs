using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>
/// Appends entries of which some may be stored already. The script finds an id in the hot part; in the sealed part it is looked
/// for here, before. What is sealed between the look-up and the script is noticed by the script, which asks to look again.
/// </summary>
internal sealed class EntryAppender(
    RedisConnection connection, GroupCommitWriter writer, HeadReader heads, BundleReader bundles, SealedIds sealedIds)
{
    public async Task<IReadOnlyList<Appended>> AppendAsync(
        IReadOnlyList<NewEntry> entries, WhenFull whenFull, CancellationToken cancellationToken)
    {
        // Entries on their way can't be called back, so the token counts only until then.
        cancellationToken.ThrowIfCancellationRequested();
        Check(entries);
        if (connection.Refusal is not null)
            throw new StoreUnavailableException(StoreFailure.Unreachable, entries is [var single] ? single.Entry.Id : null);
        if (connection.IntegrityRefusal is { } found)
            throw new StoreUnavailableException(StoreFailure.IntegrityLost, entries is [var first] ? first.Entry.Id : null) { Detail = found };

        var work = new Work(entries);
        try
        {
            // A process that has never seen a sealed bundle leaves it to the script to know better.
            if (heads.Last.Sealed > 0) await LookUpAsync(work, work.MayExist(), cancellationToken);
            while (work.Open.Count > 0)
            {
                work.Take(await writer.AppendAsync(work.ToSend(), work.LookedUp, whenFull, cancellationToken));
                await LookUpAsync(work, work.Open, cancellationToken);
            }

            await ReadEarlierAsync(work, cancellationToken);
            return work.Results;
        }
        catch (StoreUnavailableException fault) when (fault.Reason != StoreFailure.OutcomeUnknown && work.IsAnyStored)
        {
            // Some are stored, so what is true of the rest is not true of all.
            throw new StoreUnavailableException(StoreFailure.OutcomeUnknown, fault.EntryId, fault);
        }
    }

    private static void Check(IReadOnlyList<NewEntry> entries)
    {
        var isTooLarge = entries.Count > 1 && entries.Sum(entry => (long)entry.Record.Length) > NewEntry.MaxBytesPerCall;
        if (isTooLarge || entries.Count is 0 or > NewEntry.MaxPerCall)
            throw new ArgumentException("There are no entries, or more than one call may have.", nameof(entries));
    }

    private async Task LookUpAsync(Work work, IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0) return;
        var ids = places.Select(place => work.Entries[place].Entry.Id).ToArray();
        var (lookedUp, lookups) = await sealedIds.FindAsync(ids, cancellationToken);
        work.Take(lookedUp, places, lookups);
    }

    /// <summary>Adds the records of the entries that the script found in the hot part; they can be sealed by now.</summary>
    private async Task ReadEarlierAsync(Work work, CancellationToken cancellationToken)
    {
        if (work.Unread.Count == 0) return;
        long[] sequences = [.. work.Unread.Select(place => work.Results[place].Sequence)];
        var records = await connection.CallAsync(db => bundles.ReadAsync(db, BundleRun.Split(sequences)), cancellationToken);
        for (var i = 0; i < sequences.Length; i++)
            work.Results[work.Unread[i]] = new Appended(AppendOutcome.Known, sequences[i], records[i].Record);
    }

    /// <summary>The entries of one call and what has become of them so far.</summary>
    private sealed class Work(IReadOnlyList<NewEntry> entries)
    {
        public IReadOnlyList<NewEntry> Entries { get; } = entries;

        public Appended[] Results { get; } = new Appended[entries.Count];

        /// <summary>The places of the entries that nothing has become of yet.</summary>
        public List<int> Open { get; private set; } = [.. Enumerable.Range(0, entries.Count)];

        /// <summary>The places of the known entries whose records are not there yet.</summary>
        public List<int> Unread { get; } = [];

        /// <summary>The sealed watermark up to which the open entries that may exist were looked for.</summary>
        public long LookedUp { get; private set; }

        public bool IsAnyStored { get; private set; }

        private bool IsFirstRound { get; set; } = true;

        public IReadOnlyList<int> MayExist() => [.. Open.Where(place => Entries[place].MayExist)];

        /// <summary>
        /// The open entries. Those that a call of unknown outcome held before may exist by now, also under ids made for them.
        /// </summary>
        public IReadOnlyList<NewEntry> ToSend()
        {
            if (IsFirstRound && Open.Count == Entries.Count) return Entries;
            return [.. Open.Select(place => IsFirstRound ? Entries[place] : new NewEntry(Entries[place].Entry, mayExist: true))];
        }

        /// <summary>Takes the script's answers for what was sent; what must be looked up again stays open.</summary>
        public void Take(IReadOnlyList<AppendAnswer> answers)
        {
            var again = new List<int>();
            for (var i = 0; i < answers.Count; i++)
            {
                var place = Open[i];
                if (answers[i].Kind == AppendAnswerKind.LookAgain)
                {
                    again.Add(place);
                    continue;
                }

                // Under an id that was made for an entry there is nothing but that entry.
                var isStored = answers[i].Kind == AppendAnswerKind.Stored || !Entries[place].MayExist;
                IsAnyStored |= isStored;
                Results[place] = new Appended(isStored ? AppendOutcome.Stored : AppendOutcome.Known, answers[i].Sequence);
                if (!isStored) Unread.Add(place);
            }

            Open = again;
            IsFirstRound = false;
        }

        /// <summary>Takes what was found in the sealed part; what was not found stays open.</summary>
        public void Take(long lookedUp, IReadOnlyList<int> places, IReadOnlyList<IdLookup> lookups)
        {
            LookedUp = lookedUp;
            var found = new HashSet<int>();
            for (var i = 0; i < places.Count; i++)
            {
                if (lookups[i].State == IdState.NeverStored) continue;
                found.Add(places[i]);
                Results[places[i]] = Judge(Entries[places[i]], lookups[i]);
                IsAnyStored |= Results[places[i]].Outcome == AppendOutcome.Stored;
            }

            if (found.Count > 0) Open = [.. Open.Where(place => !found.Contains(place))];
        }

        private static Appended Judge(NewEntry entry, in IdLookup lookup)
        {
            if (lookup.State == IdState.Dropped) return new Appended(AppendOutcome.Dropped, -1);
            var stored = lookup.Found.Stored;

            // An id that was made for this entry, sent in a call of unknown outcome, and of the time of a bundle that is lost.
            if (!entry.MayExist && stored.Record.IsEmpty) throw new StoreUnavailableException(StoreFailure.OutcomeUnknown, entry.Entry.Id);
            return entry.MayExist
                ? new Appended(AppendOutcome.Known, stored.Sequence, stored.Record)
                : new Appended(AppendOutcome.Stored, stored.Sequence);
        }
    }
}
