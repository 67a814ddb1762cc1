using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connections;

/// <summary>
/// Live connections over all processes: <c>logapi:{live}:process:P</c> is how many process P has, with a time to live, and
/// <c>logapi:{live}:processes</c> is the set of the P that there may be. A process that dies without a word is forgotten when
/// its key ends; only the store's clock counts.
/// </summary>
internal sealed class RedisConnectionRegistry(RedisConnection connection, TimeProvider time) : IConnectionRegistry, IHostedService
{
    /// <summary>How long a count stands without a new report.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    // A courtesy, for which the stop has no more time; the host's own token may have ended by then.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private readonly string _processId = Guid.NewGuid().ToString("N");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes this process out, so that the others need not wait for its count to end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.CallAsync(RemoveAsync, CancellationToken.None).WaitAsync(StopLimit, time, CancellationToken.None);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or TimeoutException)
        {
            // The count ends by itself.
        }
    }

    public async Task<long> ReportAsync(int connections, CancellationToken cancellationToken)
    {
        var processes = await connection.CallAsync(database => AnnounceAsync(database, connections), cancellationToken);
        var keys = Array.ConvertAll(processes, process => connection.Keys.Process(process.ToString()));
        var counts = await connection.CallAsync(database => database.StringGetAsync(keys), cancellationToken);

        var gone = processes.Where((_, i) => counts[i].IsNull).ToArray();
        if (gone.Length > 0)
        {
            // One that comes back to life at this very moment is in the set again with its next report.
            await connection.CallAsync(database => database.SetRemoveAsync(connection.Keys.Processes, gone), cancellationToken);
        }

        return counts.Sum(count => count.TryParse(out long number) ? number : 0);
    }

    private async Task<RedisValue[]> AnnounceAsync(IDatabase database, int connections)
    {
        // Sent together: one round trip.
        var counted = database.StringSetAsync(
            connection.Keys.Process(_processId), connections.ToString(CultureInfo.InvariantCulture), Lifetime);
        var listed = database.SetAddAsync(connection.Keys.Processes, _processId);
        var members = database.SetMembersAsync(connection.Keys.Processes);
        await Task.WhenAll(counted, listed, members);
        return await members;
    }

    private async Task<bool> RemoveAsync(IDatabase database)
    {
        var unlisted = database.SetRemoveAsync(connection.Keys.Processes, _processId);
        var uncounted = database.KeyDeleteAsync(connection.Keys.Process(_processId));
        await Task.WhenAll(unlisted, uncounted);
        return await uncounted;
    }
}
