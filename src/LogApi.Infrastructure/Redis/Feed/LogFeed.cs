using System.Threading.Channels;
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
/// end is also looked up regularly, at each reconnect, and whenever an own batch does not join what came before.
/// </summary>
internal sealed class LogFeed : BackgroundService, ILogFeed
{
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

    // A signal that does not fit is no loss: the next one, or the next look-up, shows the same end or a later one.
    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(SignalsKept) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

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

    /// <summary>Something that may have moved the log's end: its new end, or a batch with its bytes, or neither to ask the store.</summary>
    private readonly record struct Signal(LogHead? Head, IReadOnlyList<StoredRecord>? Own);

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
        var subscribed = false;
        await foreach (var signal in _signals.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (!subscribed) subscribed = await TrySubscribeAsync();
                await FollowAsync(signal, stoppingToken);
            }
            catch (Exception fault) when (StoreFaults.Classify(fault) is not null)
            {
                // The next look-up finds what is left out here.
                _logger.FeedReadFailed(fault);
            }
        }
    }

    private async Task<bool> TrySubscribeAsync()
    {
        await _connection.Subscriber.SubscribeAsync(_connection.Keys.Appended, (_, message) => OnAnnounced(message));
        return true;
    }

    private void OnAppended(string epoch, IReadOnlyList<StoredRecord> entries)
    {
        var last = entries.Max(entry => entry.Sequence);
        _signals.Writer.TryWrite(new Signal(new LogHead(epoch, last + 1), entries));
    }

    private void OnAnnounced(RedisValue message)
    {
        // Own entries come from the writer, with their bytes; should its answer be lost, the next look-up finds them.
        if (!Announcement.TryParse(message, out var announcement)) RequestLookup();
        else if (announcement.Writer != _name.Value) _signals.Writer.TryWrite(new Signal(announcement.Head, Own: null));
    }

    private void RequestLookup() => _signals.Writer.TryWrite(default);

    private async Task FollowAsync(Signal signal, CancellationToken cancellationToken)
    {
        if (signal.Head is not { } end)
        {
            end = await LookUpAsync(cancellationToken);
            if (_observers.Position is { } known && known.Epoch == end.Epoch && end.Next < known.Next) GoBack(known, end);
        }

        if (_observers.Position is not { } position) Start(end);
        else if (end.Epoch != position.Epoch) StartAnew(end);

        if (signal.Own is { } own) await DeliverOwnAsync(own, cancellationToken);
        else await CatchUpAsync(end.Next, cancellationToken);
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
        _logger.FeedStarted(end.Next, end.Epoch);
        _observers.Reset(end);
    }

    private void StartAnew(LogHead end)
    {
        _logger.EpochChanged(end.Epoch);
        _observers.Reset(end with { Next = 0 });
    }

    private void GoBack(LogHead known, LogHead end)
    {
        _logger.StoreWentBack(known.Next, end.Next);
        _observers.Reset(end);
    }

    private async Task DeliverOwnAsync(IReadOnlyList<StoredRecord> own, CancellationToken cancellationToken)
    {
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
            var count = (int)Math.Min(end - Next, ReadAtOnce);
            var entries = await _logs.ReadRangeAsync(Next, count, cancellationToken);

            // The store ends before what it announced: the next look-up finds out why.
            if (entries.Count == 0) return;
            Deliver(entries);
        }
    }

    private long Next => _observers.Position?.Next ?? 0;

    private void Deliver(IReadOnlyList<StoredRecord> entries)
    {
        if (entries.Count > 0) _observers.Advance([.. entries]);
    }
}
