using System.Threading.Channels;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Feed;

/// <summary>
/// The process's one view of the growing log. Entries this process wrote come from its writer with their bytes; other
/// processes only announce the log's new end, and their entries are read from the store. Announcements can be lost, so the
/// end is also looked up regularly, at each reconnect, and whenever a signal contradicts what came before. The head counts
/// redactions, so that look-ups show a lost message of one, too.
/// </summary>
internal sealed class LogFeed : BackgroundService, ILogFeed
{
    private static readonly string NoteSetBack = LuaResource.Read("set-back.lua");

    private const int SignalsKept = 128;
    private const int ReadAtOnce = 2 * RedisKeys.BundleSize;

    private readonly RedisConnection _connection;
    private readonly GroupCommitWriter _writer;
    private readonly ILogRepository _logs;
    private readonly WriterName _name;
    private readonly FeedOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LogFeed> _logger;
    private readonly FeedObservers _observers = new();

    // Set by any thread, cleared by the loop before it asks: a request made meanwhile is not lost.
    private volatile bool _lookupDue = true;

    // Used by the loop only. The numbers of this process's own batches grow as long as the log does not go back.
    private long _lastOwn = -1;

    // The lowest number that is known to have been given anew, until the observers are set back to it. It outlives a store that goes
    // away meanwhile: by its return the log may have grown past the position, and then nothing else would tell.
    private long _givenAnew = long.MaxValue;
    private int _readAtOnce = ReadAtOnce;
    private long _redactions;

    // A signal that does not fit is no loss: the next one, or the next look-up, shows the same end or a later one. Nobody waits
    // for room; the mode is the one in which what does not fit is said.
    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(SignalsKept) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public LogFeed(
        RedisConnection connection,
        GroupCommitWriter writer,
        ILogRepository logs,
        WriterName name,
        FeedOptions options,
        TimeProvider time,
        ILogger<LogFeed> logger)
    {
        (_connection, _writer, _logs, _name, _options, _time, _logger) = (connection, writer, logs, name, options, time, logger);
        _writer.Appended += OnAppended;
        _connection.Restored += RequestLookup;
    }

    /// <summary>Something that may have moved the log's end: its new end, with the bytes of an own batch; or nothing, to look.</summary>
    private readonly record struct Signal(LogHead? Head, IReadOnlyList<StoredRecord>? Own)
    {
        /// <summary>An entry that was redacted after everything that came before was stored.</summary>
        public RedactionMessage? Redacted { get; init; }

        /// <summary>Whether anything that came before may be redacted.</summary>
        public bool MissedRedactions { get; init; }

        /// <summary>The first number of the own batch, or one that no entry reaches.</summary>
        public long FirstOwn => Own?.Min(entry => entry.Sequence) ?? long.MaxValue;

        public bool Contradicts(LogHead position) =>
            (Head is { } head && head.Epoch != position.Epoch) || FirstOwn < position.Next;
    }

    public IDisposable Subscribe(ILogFeedObserver observer) => _observers.Add(observer);

    public override void Dispose()
    {
        _writer.Appended -= OnAppended;
        _connection.Restored -= RequestLookup;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RequestLookup();
        using var poll = _time.CreateTimer(_ => RequestLookup(), state: null, _options.Poll, _options.Poll);

        // Once: each further call would add a handler, and with it a signal to every announcement.
        await AttemptAsync(() => _connection.SubscribeAsync(_connection.Keys.Appended, OnAnnounced), stoppingToken);
        await AttemptAsync(() => _connection.SubscribeAsync(_connection.Keys.Redacted, OnRedacted), stoppingToken);
        await foreach (var signal in _signals.Reader.ReadAllAsync(stoppingToken))
            await AttemptAsync(() => FollowAsync(signal, stoppingToken), stoppingToken);
    }

    // Whatever the store answers, a later answer may be better; the process would end with this loop.
    private async Task AttemptAsync(Func<Task> attempt, CancellationToken stoppingToken)
    {
        try
        {
            await attempt();
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // The next look-up finds what is left out here.
            _lookupDue = true;
            _logger.FeedReadFailed(fault);
        }
    }

    private void OnAppended(string epoch, IReadOnlyList<StoredRecord> entries)
    {
        if (entries.Count == 0)
        {
            RequestLookup();
            return;
        }

        var last = entries.Max(entry => entry.Sequence);
        _signals.Writer.TryWrite(new Signal(new LogHead(epoch, last + 1), entries));
    }

    private void OnAnnounced(RedisValue message)
    {
        // Own entries come from the writer, with their bytes; should its answer be lost, the next look-up finds them.
        if (!Announcement.TryParse(message, out var announcement)) RequestLookup();
        else if (announcement.Writer != _name.Value) _signals.Writer.TryWrite(new Signal(announcement.Head, Own: null));
    }

    private void OnRedacted(RedisValue message)
    {
        if (RedactionMessage.Parse(message) is not { } redacted || !_signals.Writer.TryWrite(default(Signal) with { Redacted = redacted })) RequestLookup();
    }

    private void RequestLookup()
    {
        // The flag first: when the signal does not fit, there is another one that finds it.
        _lookupDue = true;
        _signals.Writer.TryWrite(default);
    }

    private async Task FollowAsync(Signal signal, CancellationToken cancellationToken)
    {
        LogHead? found = null;
        if (signal.Head is { } own && own.Epoch == _observers.Position?.Epoch && signal.FirstOwn <= _lastOwn)
            _givenAnew = Math.Min(_givenAnew, signal.FirstOwn);
        if (_lookupDue || _observers.Position is not { } before || signal.Contradicts(before))
        {
            _lookupDue = false;
            found = await ReconcileAsync(await LookUpAsync(cancellationToken), cancellationToken);
        }

        // A signal of another numbering is older than the look-up.
        if (signal.Head is { } head && head.Epoch == _observers.Position?.Epoch)
        {
            if (signal.Own is { } entries) await DeliverOwnAsync(entries, cancellationToken);
            else await CatchUpAsync(head.Next, cancellationToken);
        }

        if (found is { } end) await CatchUpAsync(end.Next, cancellationToken);
        if (signal.Redacted is { } redacted) await FollowAsync(redacted, cancellationToken);
        else if (signal.MissedRedactions || (found is { } now && now.Redactions != _redactions)) LetGo(found, signal.MissedRedactions);
    }

    private async Task FollowAsync(RedactionMessage redacted, CancellationToken cancellationToken)
    {
        if (redacted.Epoch != _observers.Position?.Epoch) return;

        // An own batch that has the entry as it was may wait in the queue yet: it is passed over by number then.
        await CatchUpAsync(redacted.Sequence + 1, cancellationToken);
        _observers.Redact(redacted.Sequence);
        if (redacted.Count == _redactions + 1) _redactions++;

        // What this process keeps of sealed bundles follows the head.
        await _logs.GetHeadAsync(cancellationToken);
    }

    /// <summary>
    /// Lets go of everything, for messages were lost. Own batches that wait in the queue were stored before, so this comes once
    /// more behind them.
    /// </summary>
    private void LetGo(LogHead? found, bool isBehindAll)
    {
        _observers.Redact(Next - 1);
        if (isBehindAll || found is not { } head) return;
        if (_signals.Writer.TryWrite(default(Signal) with { MissedRedactions = true })) _redactions = head.Redactions;
    }

    /// <summary>Holds the position against the store's end, and against what is known of own batches, and gives the end.</summary>
    private async Task<LogHead> ReconcileAsync(LogHead end, CancellationToken cancellationToken)
    {
        if (_observers.Position is not { } position)
        {
            Start(end);
            return end;
        }

        if (position.Epoch == end.Epoch && end.Next < position.Next) _givenAnew = Math.Min(_givenAnew, end.Next);
        if (position.Epoch == end.Epoch && _givenAnew != long.MaxValue) end = await NoteSetBackAsync(position, end, _givenAnew, cancellationToken);
        if (position.Epoch != end.Epoch)
        {
            (_lastOwn, _givenAnew) = (-1, long.MaxValue);
            StartAnew(end);
        }
        else if (_givenAnew != long.MaxValue || position.SetBacks != end.SetBacks)
        {
            // Another process may have noted it, when the log had grown past this one's position already.
            var valid = Math.Min(position.Next, end.ValidUpTo(position.Numbering) ?? Math.Min(end.Next, _givenAnew));
            (_lastOwn, _givenAnew) = (-1, long.MaxValue);
            GoBack(position, end, valid);
        }

        return end;
    }

    /// <summary>
    /// Has the store keep that numbers have been given twice, for clients and processes that were away meanwhile, and gives its head
    /// then.
    /// </summary>
    private async Task<LogHead> NoteSetBackAsync(LogHead position, LogHead end, long valid, CancellationToken cancellationToken)
    {
        while (end.Epoch == position.Epoch
            && (end.SetBacks == position.SetBacks || end.ValidUpTo(position.Numbering) is not { } noted || noted > valid))
        {
            var before = end;
            var isNoted = await _connection.CallAsync(
                async db => (int)await db.ScriptEvaluateAsync(
                    NoteSetBack, [_connection.Keys.Head], [before.Epoch, before.SetBacks, before.WithSetBack(Epoch.New(), valid)]) == 1,
                cancellationToken);
            end = await LookUpAsync(cancellationToken);
            if (isNoted) break;
        }

        return end;
    }

    private async Task<LogHead> LookUpAsync(CancellationToken cancellationToken)
    {
        var head = await _logs.GetHeadAsync(cancellationToken);
        if (head.Epoch.Length > 0) return head;

        // A log is named before its first entry, so that who watches an empty log sees that entry as its continuation.
        await _connection.CallAsync(
            db => db.HashSetAsync(_connection.Keys.Head, "epoch", Epoch.New(), When.NotExists), cancellationToken);
        return await _logs.GetHeadAsync(cancellationToken);
    }

    private void Start(LogHead end)
    {
        _redactions = end.Redactions;
        _logger.FeedStarted(end.Next, end.Numbering);
        _observers.Reset(end);
    }

    private void StartAnew(LogHead end)
    {
        _redactions = end.Redactions;
        _logger.EpochChanged(end.Numbering);
        _observers.Reset(end with { Next = 0 });
    }

    private void GoBack(LogHead known, LogHead end, long valid)
    {
        _redactions = end.Redactions;
        _logger.StoreWentBack(known.Next, valid);
        _observers.Reset(end with { Next = valid });
    }

    private async Task DeliverOwnAsync(IReadOnlyList<StoredRecord> own, CancellationToken cancellationToken)
    {
        _lastOwn = own.Max(entry => entry.Sequence);
        var fresh = new List<StoredRecord>(own.Count);
        foreach (var entry in own)
        {
            var next = Next + fresh.Count;
            if (entry.Sequence < next) continue;
            if (entry.Sequence > next)
            {
                Deliver(fresh);
                fresh.Clear();
                await CatchUpAsync(entry.Sequence, cancellationToken);
                if (entry.Sequence != Next) continue;
            }

            fresh.Add(entry);
        }

        Deliver(fresh);
    }

    /// <summary>Reads and hands on what is between the position and <paramref name="end"/>.</summary>
    private async Task CatchUpAsync(long end, CancellationToken cancellationToken)
    {
        while (Next < end)
        {
            var entries = await ReadAsync(end, cancellationToken);

            // The store ends before what it announced: the next look-up finds out why.
            if (entries.Count == 0) return;
            Deliver(entries);
        }
    }

    /// <summary>Reads from the position on: fewer entries after each read that took too long, more again after one that did not.</summary>
    private async Task<IReadOnlyList<StoredRecord>> ReadAsync(long end, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = (int)Math.Min(end - Next, _readAtOnce);
            try
            {
                var range = await _logs.ReadRangeAsync(Next, count, cancellationToken);
                _readAtOnce = Math.Min(2 * _readAtOnce, ReadAtOnce);
                if (range.Head.Epoch == _observers.Position?.Epoch) return range.Records;

                // Under the same numbers there are entries of another log by now, which the observers have to be told first.
                RequestLookup();
                return [];
            }
            catch (StoreUnavailableException fault) when (fault.Reason == StoreFailure.OutcomeUnknown && count > 1)
            {
                _readAtOnce = count / 2;
            }
        }
    }

    private long Next => _observers.Position?.Next ?? 0;

    private void Deliver(IReadOnlyList<StoredRecord> entries)
    {
        if (entries.Count > 0) _observers.Advance([.. entries]);
    }
}
