using System.Security.Cryptography;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Idempotency;
using LogApi.Application.Logs.Replays;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Application.Logs.CreateLogs;

/// <summary>
/// Makes the entries of one batch. The rules are those of the value objects, as for a single entry, but they are asked directly:
/// a validator for each item would take longer than the entry itself.
/// </summary>
/// <param name="userId">Who acted.</param>
/// <param name="hasher">Holds the secret.</param>
/// <param name="time">Tells the time of an entry.</param>
/// <param name="seed">What ids are made from, and times while they hold, when the same batch may be sent again.</param>
/// <param name="isReplay">Whether the entries are those of the seed's own time, to be looked at only.</param>
internal sealed class EntryMaker(
    UserId userId, EntryHasher hasher, TimeProvider time, RequestSeed? seed = null, bool isReplay = false)
{
    private const int IdBytes = 10;
    private const int IdsAtATime = 256;

    // One call for the random bytes of many ids: each is a call to the system.
    private readonly byte[] _random = new byte[IdsAtATime * IdBytes];
    private int _nextId = IdsAtATime;

    private DateTimeOffset _seedTime = seed?.Time ?? default;

    // Most items of a batch have the status of the one before.
    private LogStatus? _lastStatus;

    /// <summary>Makes the entry of the item at a place of the batch, or says what is wrong with it.</summary>
    public LogEntry? TryMake(LogItem item, int index, out InvalidRequestError? error)
    {
        error = null;
        var status = item.Status is { } text && text == _lastStatus?.Value ? _lastStatus : null;
        LogId? id = null;
        LogTimestamp? occurredAt = null;
        if (!QueryText.TryCreate(item.Query, out var query)
            || (status is null && !LogStatus.TryCreate(item.Status, out status))
            || (item.Id is not null && !LogId.TryCreate(item.Id, out id))
            || (item.OccurredAt is not null && !LogTimestamp.TryParseInstant(item.OccurredAt, out occurredAt))
            || !LogAttributes.TryCreate(item.Attributes, out var attributes))
        {
            error = Explain(item);
            return null;
        }

        _lastStatus = status;
        var now = Now();
        return LogEntry.Create(userId, query, status, now, hasher, occurredAt, attributes, id ?? seed?.IdOf(index) ?? NewId(now));
    }

    /// <summary>Gives an entry as it is stored; nothing when it was hashed with a secret that is no longer known.</summary>
    public LogEntry? Remake(LogEntry entry, in OutcomeRow row) => row.Remake(entry, hasher);

    /// <summary>Gives what is to be remembered of an entry that is stored.</summary>
    public OutcomeRow Remember(LogEntry stored, in Appended appended, DateTimeOffset requestTime) =>
        OutcomeRow.Of(stored, appended, requestTime, hasher);

    private DateTimeOffset Now()
    {
        if (isReplay) return _seedTime;
        var now = time.GetUtcNow();
        return seed is null ? now : _seedTime = RequestSeed.TimeAt(_seedTime, now);
    }

    private LogId NewId(DateTimeOffset now)
    {
        if (_nextId == IdsAtATime)
        {
            RandomNumberGenerator.Fill(_random);
            _nextId = 0;
        }

        return LogId.MakeAt(now, _random.AsSpan(_nextId++ * IdBytes, IdBytes));
    }

    private static InvalidRequestError Explain(LogItem item)
    {
        var failures = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Add("id", item.Id is null ? null : LogId.Check(item.Id));
        Add("query", QueryText.Check(item.Query));
        Add("status", LogStatus.Check(item.Status));
        Add("occurred_at", item.OccurredAt is null ? null : LogTimestamp.CheckInstant(item.OccurredAt));
        Add("attributes", LogAttributes.Check(item.Attributes));
        return new InvalidRequestError(failures);

        void Add(string field, string? problem)
        {
            if (problem is not null) failures[field] = [problem];
        }
    }
}
