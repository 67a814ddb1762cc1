using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.Replays;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>
/// Answers a batch that was answered before. The entries are made again from the request's seed and only looked at: nothing is
/// stored, whatever the body turns out to be. Of one that was redacted since, the answer says that.
/// </summary>
internal sealed class BatchReplay(ILogRepository logs, EntryMaker entries, OutcomeReader outcome)
{
    private const int ItemsAtATime = 256;

    private readonly List<CreateLogResult> _results = [];

    /// <summary>Whether an entry was hashed with a secret that is no longer known, so that it can't be made again.</summary>
    public bool MetUnknownSecret { get; private set; }

    /// <summary>Gives the results, or nothing when these are not the items that were sent before.</summary>
    public async Task<IReadOnlyList<CreateLogResult>?> ReadAsync(
        ILogItems items, ReadOnlyMemory<byte> bodyDigest, CancellationToken cancellationToken)
    {
        var read = new List<LogItem?>(ItemsAtATime);
        bool isMore;

        // What was redacted by now is not read from what this process has kept.
        await logs.GetHeadAsync(cancellationToken);
        do
        {
            read.Clear();
            isMore = await items.ReadAsync(read, ItemsAtATime, cancellationToken);
            foreach (var item in read)
            {
                if (outcome.Next() is not { } row || Repeat(item, row) is not { } result) return null;
                _results.Add(result);
            }

            await RejectRedactedAsync(_results.Count - read.Count, cancellationToken);
        }
        while (isMore);

        return items.BodyDigest.Span.SequenceEqual(bodyDigest.Span) && outcome.Next() is null ? _results : null;
    }

    private async Task RejectRedactedAsync(int from, CancellationToken cancellationToken)
    {
        var places = Enumerable.Range(from, _results.Count - from).Where(place => _results[place].IsStored).ToArray();
        if (places.Length == 0) return;
        var records = await logs.ReadAsync([.. places.Select(place => _results[place].Sequence)], cancellationToken);
        foreach (var (i, place) in places.Index())
        {
            var id = _results[place].Id!;
            if (EntryOutcome.IsRedacted(records[i].Record, id)) _results[place] = CreateLogResult.Rejected(EntryOutcome.Redacted(id));
        }
    }

    private CreateLogResult? Repeat(LogItem? item, in OutcomeRow row)
    {
        InvalidRequestError? invalid = null;
        var entry = item is null ? null : entries.TryMake(item, _results.Count, out invalid);
        if ((entry is null) != (row.Kind == OutcomeKind.Invalid)) return null;
        if (entry is null) return CreateLogResult.Rejected(invalid);
        return row.Kind switch
        {
            OutcomeKind.Stored or OutcomeKind.Earlier => Remake(entry, row),
            OutcomeKind.Conflict => CreateLogResult.Rejected(EntryOutcome.Conflict(entry.Id)),
            _ => CreateLogResult.Rejected(EntryOutcome.Dropped(entry.Id)),
        };
    }

    private CreateLogResult? Remake(LogEntry entry, in OutcomeRow row)
    {
        if (entries.Remake(entry, row) is { } stored) return CreateLogResult.Stored(stored, row.Sequence);
        MetUnknownSecret = true;
        return null;
    }
}
