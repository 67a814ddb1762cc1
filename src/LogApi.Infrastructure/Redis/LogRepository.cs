using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>
/// The log in Redis. Keys (<see cref="RedisKeys"/>): <c>{log}:head</c>, <c>{log}:entries:N</c>, <c>{log}:ids</c>,
/// <c>{log}:user:U</c>, all written by <c>append.lua</c>, until they are sealed. A reader takes the head first and reads below it,
/// where every record is complete.
/// </summary>
internal sealed class LogRepository(
    RedisConnection connection,
    GroupCommitWriter writer,
    HeadReader heads,
    BundleReader bundles,
    SealedIds sealedIds,
    UserHistory histories) : ILogRepository
{
    private readonly EntryAppender _appender = new(connection, writer, heads, bundles, sealedIds);

    public Task<IReadOnlyList<Appended>> AppendAsync(
        IReadOnlyList<NewEntry> entries, WhenFull whenFull, CancellationToken cancellationToken) =>
        _appender.AppendAsync(entries, whenFull, cancellationToken);

    public async Task<IdLookup> FindAsync(LogId id, CancellationToken cancellationToken)
    {
        var lookup = await FindOnceAsync(id, cancellationToken);

        // An entry is redacted once: what was read half before and half after that is not again.
        var (record, side) = (lookup.Found.Stored.Record, lookup.Found.Side);
        return RedactedRecord.IsOne(record.Span) && side.Length != IdTag.Size ? await FindOnceAsync(id, cancellationToken) : lookup;
    }

    public async Task<LogHead> GetHeadAsync(CancellationToken cancellationToken) => (await heads.ReadAsync(cancellationToken)).Head;

    public async Task<LogPage> FindNewestAsync(UserId? userId, int limit, int offset, CancellationToken cancellationToken)
    {
        if (userId is not null) return await histories.FindNewestAsync(userId, limit, offset, cancellationToken);

        var head = await GetHeadAsync(cancellationToken);
        var newest = head.Next - 1 - offset;
        var count = (int)Math.Clamp(newest + 1 - head.First, 0, limit);
        return new LogPage(head, [.. Enumerable.Range(0, count).Select(i => newest - i)]);
    }

    public Task<IReadOnlyList<StoredRecord>> ReadAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        bundles.ReadAsync(BundleRun.Split(sequences), cancellationToken);

    public Task<LogRange> ReadRangeAsync(long from, int count, CancellationToken cancellationToken) =>
        connection.CallAsync(
            async db =>
            {
                // Sent together, answered in this order: below this head, every bundle read after it is complete.
                var redactions = heads.Last.Head.Redactions;
                var headTask = heads.ReadAsync(db);
                var records = bundles.ReadAsync(db, BundleRun.Cover(from, count));
                var head = (await headTask).Head;
                var (first, end) = (head.First, head.Next);
                var read = await records;

                // What was at hand may be of before a redaction.
                if (head.Redactions != redactions) read = await bundles.ReadAsync(db, BundleRun.Cover(from, count));
                var existing = (int)Math.Clamp(end - from, 0, read.Count);
                if (existing == read.Count && from >= first) return new LogRange(head, read);

                // A bundle that was dropped just now may have been at hand still.
                return new LogRange(head, [.. read.Take(existing).Select(stored => stored.Sequence < first ? stored with { Record = default } : stored)]);
            },
            cancellationToken);

    private async Task<IdLookup> FindOnceAsync(LogId id, CancellationToken cancellationToken)
    {
        RedisValue field = id.Value.ToByteArray(bigEndian: true);
        var (row, extent) = await connection.CallAsync(
            async db =>
            {
                // In this order: what is missing from the hot part by then was sealed before.
                var hot = db.HashGetAsync(connection.Keys.Ids, field);
                var head = heads.ReadAsync(db);
                return (await hot, await head);
            },
            cancellationToken);
        if (row.IsNull) return await sealedIds.FindAsync(id, extent, cancellationToken);

        // A row that can't be read was changed in the store: the id is known, what it stood for is not.
        if (!IdRow.TryParse(row, out var sequence, out var side)) return IdLookup.Stored(default);
        var record = await connection.CallAsync(db => bundles.ReadAnewAsync(db, sequence), cancellationToken);
        return IdLookup.Stored(new FoundRecord(new StoredRecord(sequence, record), side));
    }
}
