using System.Diagnostics;
using LogApi.Benchmarks.Clients;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Fanout;

/// <summary>
/// All clients of a run, those that listen and those that write, on one thread of a process of their own. The log must be
/// empty when it starts, so that the numbers tell what arrived.
/// </summary>
internal sealed class FanoutClients : IDisposable
{
    private const int JoinAttempts = 100;
    private const int JoinMilliseconds = 100;
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(20);

    private readonly FanoutOptions _options;
    private readonly Epoll _epoll = new();
    private readonly Subscriber[] _subscribers;
    private readonly Publisher _publisher;
    private Samples _latencies = new();
    private long _deliveries;
    private long _lastDelivery;

    private FanoutClients(FanoutOptions options)
    {
        _options = options;
        _subscribers = new Subscriber[options.Clients];
        for (var i = 0; i < _subscribers.Length; i++) _subscribers[i] = Subscriber.Connect(options.Port, options.Kind, i);
        foreach (var subscriber in _subscribers) subscriber.Watch(_epoll);
        _publisher = new Publisher(options, _epoll, _subscribers.Length);
    }

    public static Task<int> RunAsync(CommandLine arguments)
    {
        using var clients = new FanoutClients(FanoutOptions.From(arguments));
        Console.Out.WriteLine(clients.Run().ToLine());
        return Task.FromResult(0);
    }

    public void Dispose()
    {
        _publisher.Dispose();
        foreach (var subscriber in _subscribers) subscriber.Dispose();
        _epoll.Dispose();
    }

    private FanoutResult Run()
    {
        Join();
        Publish(_options.WarmUp);
        _latencies = new Samples();
        var (deliveries, entries, started) = (_deliveries, _publisher.Acknowledged, Stopwatch.GetTimestamp());
        var cpu = CpuTime.Of(_options.ProcessIds);
        Publish(_options.Duration);
        Drain();
        cpu = CpuTime.Of(_options.ProcessIds) - cpu;
        return new FanoutResult(
            _deliveries - deliveries,
            Stopwatch.GetElapsedTime(started, _lastDelivery).TotalSeconds,
            _publisher.Acknowledged - entries,
            _subscribers.Sum(subscriber => _publisher.Acknowledged - subscriber.First - subscriber.Count),
            _options.BrokerPath.Length == 0 ? _subscribers.Sum(subscriber => subscriber.OutOfOrder) : 0,
            _latencies.Percentile(0.50),
            _latencies.Percentile(0.99),
            cpu.Service,
            cpu.Store,
            Memory.Of(_options.ProcessIds[0]));
    }

    /// <summary>Writes single entries until every client has got one: an upgrade is answered before the stream is joined.</summary>
    private void Join()
    {
        for (var attempt = 0; Array.Exists(_subscribers, subscriber => subscriber.Count == 0) || !_publisher.IsDone; attempt++)
        {
            if (attempt == JoinAttempts) throw new IOException("Not every client of the stream gets entries.");
            if (_publisher.IsDone) _publisher.Send();
            var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * JoinMilliseconds / 1000);
            while (Stopwatch.GetTimestamp() < until) Receive(JoinMilliseconds);
        }
    }

    private void Publish(TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0L; ;)
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= duration) return;
            var allowed = _options.Rate == 0 ? long.MaxValue : (long)(elapsed.TotalSeconds * _options.Rate) - sent;
            if (_options.Window > 0) allowed = Math.Min(allowed, _options.Window - Lag());
            for (; allowed > 0 && _publisher.CanSend; allowed -= _publisher.EntriesAtOnce, sent += _publisher.EntriesAtOnce) _publisher.Send();
            Receive(timeoutMilliseconds: 1);
        }
    }

    private void Drain()
    {
        var started = Stopwatch.GetTimestamp();
        while ((!_publisher.IsDone || Lag() > 0) && Stopwatch.GetElapsedTime(started) < DrainBound) Receive(JoinMilliseconds);
    }

    private long Lag() => _publisher.Acknowledged - 1 - _subscribers.Min(subscriber => subscriber.Last);

    private void Receive(int timeoutMilliseconds)
    {
        foreach (var index in _epoll.Wait(timeoutMilliseconds))
        {
            if (index >= _subscribers.Length)
            {
                _publisher.Receive(index);
            }
            else if (_subscribers[index].Receive(_latencies) is > 0 and var count)
            {
                _deliveries += count;
                _lastDelivery = Stopwatch.GetTimestamp();
            }
        }
    }
}
