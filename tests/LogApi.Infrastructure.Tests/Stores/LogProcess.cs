using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Feed;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>What one server process does with the log: a writer, a repository and a feed on a connection of their own.</summary>
internal sealed class LogProcess : IAsyncDisposable
{
    private readonly FailureCount<LogFeed> _feedFailures = new();

    private LogProcess(StoreFixture store, RedisConnection connection, AppendOptions append, FeedOptions feed, int partLength)
    {
        Connection = connection;
        var name = new WriterName();
        Writer = new GroupCommitWriter(
            new AppendScript(connection, store.Durability, name), Some.Hasher, append, store.Options, TimeProvider.System, NullLogger<GroupCommitWriter>.Instance);
        Sealed = new SealedPart(connection, partLength: partLength);
        Logs = new LogRepository(connection, Writer, Sealed.Heads, Sealed.Bundles, Sealed.Ids, Sealed.Histories);
        Feed = new LogFeed(connection, Writer, Logs, name, feed, TimeProvider.System, _feedFailures);
    }

    public RedisConnection Connection { get; }

    public GroupCommitWriter Writer { get; }

    public LogRepository Logs { get; }

    public LogFeed Feed { get; }

    public SealedPart Sealed { get; }

    /// <summary>How often the feed has met a fault and gone on.</summary>
    public int FeedFailures => _feedFailures.Value;

    /// <summary>Starts a process on its own connection to the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="append">How entries are written.</param>
    /// <param name="feed">How those of others are noticed.</param>
    /// <param name="partLength">How long a sealed bundle may be before it is split, in bytes.</param>
    public static async Task<LogProcess> StartAsync(
        StoreFixture store, AppendOptions? append = null, FeedOptions? feed = null, int partLength = StoreOptions.BulkReplyBytes)
    {
        var connection = await store.ConnectAsync();
        var process = new LogProcess(store, connection, append ?? new AppendOptions(), feed ?? new FeedOptions(), partLength);
        await process.Writer.StartAsync(default);
        await process.Feed.StartAsync(default);
        return process;
    }

    /// <summary>Appends an entry as a single write does, and gives the place of the entry that has its id.</summary>
    public async Task<long> AppendAsync(LogEntry entry) =>
        (await Logs.AppendAsync([new NewEntry(entry, mayExist: false)], WhenFull.Fail, default))[0].Sequence;

    /// <summary>Appends entries in one call, as bulk does, under ids that clients brought.</summary>
    public Task<IReadOnlyList<Appended>> AppendAllAsync(params IReadOnlyList<LogEntry> entries) =>
        Logs.AppendAsync([.. entries.Select(entry => new NewEntry(entry, mayExist: true))], WhenFull.Wait, default);

    public async ValueTask DisposeAsync()
    {
        await Feed.StopAsync(default);
        await Writer.StopAsync(default);
        Feed.Dispose();
        Writer.Dispose();
    }
}
