using Microsoft.AspNetCore.Connections;

namespace LogApi.Web.Hosting;

/// <summary>
/// Cuts the connections that are still there a while after the stop began. The server by itself would wait for the slowest
/// client until the whole stop's time is over, and leave none to what stops after it.
/// </summary>
internal sealed class ConnectionDrain : IDisposable
{
    /// <summary>How long requests and live connections have to end; more than <c>LIVE_CLOSE_SECONDS</c> can be.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3.25);

    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _stopping;

    public ConnectionDrain(IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(Limit));
    }

    /// <summary>Serves a connection, as long as it may last.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await using var cut = _over.Token.UnsafeRegister(static one => ((ConnectionContext)one!).Abort(), connection);
        await next(connection);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
