using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Embedded;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Opens the store for <see cref="TreeRestart"/> alone, and closes it.</summary>
internal sealed class LogRestart(
    RedisConnection connection,
    StoreStartup startup,
    GroupCommitWriter writer,
    ILogRepository logs,
    TreeRestart restart,
    StoreOptions options) : ILogRestart
{
    public async Task<RestartedLog> RunAsync(string reason, CancellationToken cancellationToken)
    {
        restart.RefuseUsedName();
        await startup.StartAsync(cancellationToken);
        try
        {
            if (!connection.IsConnected) throw new StartRefusedException($"The store at {connection.Address} can't be reached.");
            await restart.RefillAsync(connection.Database);
            await writer.StartAsync(cancellationToken);
            var log = await restart.RunAsync(connection.Database, reason, cancellationToken);

            // Its head may have been ahead of what is left; from here on this is what there was.
            if (options.IsEmbedded)
                await new HeadMarker(options.EmbeddedFolder, options.KeyPrefix).WriteAsync(await logs.GetHeadAsync(cancellationToken), cancellationToken);
            return log;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or RedisException)
        {
            throw new StartRefusedException(
                $"The store did not do its part, so the log may not be started anew yet: {fault.Message} Run this again.", fault);
        }
        finally
        {
            await writer.StopAsync(CancellationToken.None);
            await startup.StopAsync(CancellationToken.None);
        }
    }
}
