using System.Text;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Hosting;

/// <summary>What an operator sees once the service answers.</summary>
internal sealed class StartScreen(
    IHostApplicationLifetime lifetime, IServer server, IStoreMonitor monitor, IOptions<StoreOptions> store, TimeProvider time)
    : BackgroundService
{
    // The screen must not keep anybody waiting for a store that is down.
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The start failed, and its reason is told elsewhere.
            return;
        }

        if (server.Features.Get<IServerAddressesFeature>() is not { Addresses: { Count: > 0 } addresses }) return;
        var screen = Describe(addresses.First(), await CheckAsync(stoppingToken), store.Value);

        // In one piece: the console's writer makes several of it, and lines of the log would come between them.
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Encoding.UTF8.GetBytes(screen + Environment.NewLine), stoppingToken);
    }

    internal static string Describe(string address, StoreStatus? status, StoreOptions store)
    {
        var readable = address.Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');
        var state = status switch
        {
            null => "no answer yet",
            { Ready: true } => $"durability: {status.Durability}",
            _ => $"not ready: {status.Problem}",
        };
        var kept = store.IsEmbedded ? $", kept in {Path.GetFullPath(store.DataDirectory)}" : "";
        var hint = store.IsEmbedded
            ? $"{Environment.NewLine}  For a Redis of your own: REDIS_URL=redis://localhost:6379 dotnet run --project src/LogApi.Web"
            : "";
        return $"""
            LogApi listens at {readable}
              Docs:  {readable}/docs
              Store: {(store.IsEmbedded ? "embedded" : "redis")}{kept} ({state}){hint}
              Ctrl-C ends it.
            """;
    }

    private async Task<StoreStatus?> CheckAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await monitor.CheckAsync(stoppingToken).WaitAsync(CheckLimit, time, stoppingToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
