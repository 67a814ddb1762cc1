using System.Net.WebSockets;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>
/// A client that follows the log whatever happens: it comes back with its position after every break, to whichever process there
/// is, and keeps account of all that it was told.
/// </summary>
internal sealed class LiveFollower : IDisposable
{
    private static readonly TimeSpan ConnectBound = TimeSpan.FromSeconds(5);

    // Heartbeats come every second or so: a connection that says nothing for so long is a dead one.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Func<Random, Uri> _server;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _calm = new();
    private readonly Task _following;
    private long _position = long.MinValue;
    private volatile TaskCompletionSource? _hold;
    private string _last = "it never connected";

    /// <param name="plan">What it asks for.</param>
    /// <param name="server">Gives a process to connect to.</param>
    /// <param name="seed">What its moves follow from.</param>
    public LiveFollower(FollowerPlan plan, Func<Random, Uri> server, int seed)
    {
        (Plan, _server, _random) = (plan, server, new Random(seed));
        Account = new LiveAccount(isFiltered: plan.Filter.Length > 0);
        _following = Task.Run(FollowAsync);
    }

    public FollowerPlan Plan { get; }

    /// <summary>What it was told. Complete once it has been stopped.</summary>
    public LiveAccount Account { get; }

    /// <summary>How often it has connected.</summary>
    public int Connections { get; private set; }

    /// <summary>Where it is.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>What it did last, for the message of a test that fails.</summary>
    public string State => $"{Plan}: at {Position}, {Connections} connections; {_last}";

    /// <summary>Has it read nothing more until it is released.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has it go on.</summary>
    public void Release()
    {
        _hold?.TrySetResult();
        _hold = null;
    }

    /// <summary>Has it break off and dawdle no more, so that it can get to the end.</summary>
    public void CalmDown() => _calm.Cancel();

    /// <summary>Waits until it has got somewhere.</summary>
    public async Task WaitForAsync(long seq, TimeSpan timeout)
    {
        try
        {
            await Eventually.BecomesTrueAsync(() => Position >= seq || _following.IsCompleted, timeout);
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"A client did not get to {seq}: {State}", fault);
        }
    }

    /// <summary>Ends it; more than once does no harm.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        Release();
        await _following;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _calm.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await PauseAsync(await ConnectOnceAsync());
            }
            catch (Exception fault) when (fault is HttpRequestException or WebSocketException or IOException or OperationCanceledException)
            {
                // A server that is gone, a connection that broke: what a client that follows has to live with.
                _last = fault.GetType().Name + ": " + fault.Message;
                await PauseAsync(TimeSpan.FromMilliseconds(_random.Next(50, 400)));
            }
        }
    }

    private async Task<TimeSpan> ConnectOnceAsync()
    {
        var cursor = Account.Cursor;
        var asHeader = cursor is not null && Plan.Kind == StreamKind.Events && _random.Next(2) == 0;
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        connecting.CancelAfter(ConnectBound);
        using var channel = await LiveChannel.ConnectAsync(Plan, _server(_random), Query(asHeader ? null : cursor), asHeader ? cursor : null, connecting.Token);
        Connections++;
        _last = "connected";
        Account.Begin(mustAnswer: cursor is not null || Plan.AsksWhere || Plan.Kind == StreamKind.Logs);
        using var lifetime = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var breaksOff = Plan.IsRestless && !_calm.IsCancellationRequested;
        var end = breaksOff ? TimeSpan.FromSeconds(-2.5 * Math.Log(1 - _random.NextDouble())) : TimeSpan.MaxValue;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var left = breaksOff ? end - System.Diagnostics.Stopwatch.GetElapsedTime(started) : Silence;
            if (left <= TimeSpan.Zero) break;
            lifetime.CancelAfter(left < Silence ? left : Silence);
            if (await channel.ReceiveAsync(lifetime.Token) is not { } message) break;
            lifetime.CancelAfter(Timeout.InfiniteTimeSpan);
            using (var parsed = JsonDocument.Parse(message)) Account.Take(parsed.RootElement, channel.EventId);
            Interlocked.Exchange(ref _position, Account.Position ?? long.MinValue);
            if (_hold is { } hold) await hold.Task;
            if (Plan.IsSlow && _random.Next(20) == 0) await DawdleAsync();
        }

        _last = channel.Close is null ? "broke off" : $"closed: {channel.Close}";
        if (channel.Close is not { Epoch: { } epoch } close) return TimeSpan.FromMilliseconds(_random.Next(300));
        Account.TakeClose(epoch, close.Seq);
        return close.Retry;
    }

    private string Query(string? cursor)
    {
        List<string> parts = [];
        if (Plan.Filter.Length > 0) parts.Add(Plan.Filter);
        if (Plan.IsBatched) parts.Add("batch=1");
        if (cursor is not null) parts.Add("after=" + cursor);
        else if (Account.Cursor is null && Plan.AsksWhere) parts.Add("after=now");
        return string.Join('&', parts);
    }

    private Task DawdleAsync() => WaitAsync(TimeSpan.FromMilliseconds(_random.Next(500, 4_000)), _calm.Token);

    private Task PauseAsync(TimeSpan pause) => WaitAsync(pause, _stop.Token);

    private static async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        await Task.Delay(time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
