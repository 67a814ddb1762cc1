using System.Diagnostics;
using LogApi.Benchmarks.Clients;
using LogApi.Benchmarks.Processes;

namespace LogApi.Benchmarks.Fanout;

/// <summary>Clients that only wait, all on one thread of a process of their own.</summary>
internal sealed class IdleClients : IDisposable
{
    public static readonly string[] Names = ["port", "kind", "clients", "seconds", "processes"];

    // Enough for what a server loads and compiles for the first clients.
    private const int First = 100;
    private const int BufferSize = 2 * 1024;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    private readonly Epoll _epoll = new();
    private readonly Samples _latencies = new();
    private readonly List<Subscriber> _subscribers = [];

    public static Task<int> RunAsync(CommandLine arguments)
    {
        using var clients = new IdleClients();
        var processes = arguments.Text("processes", "").Split(',').Select(int.Parse).ToList();
        var (port, kind) = (arguments.Number("port", 0), LiveKind.Parse(arguments.Text("kind", "stream"))[0]);
        clients.Connect(port, kind, First);
        clients.Wait(Settle);
        var few = Memory.Of(processes[0]);
        clients.Connect(port, kind, arguments.Number("clients", 10_000));
        clients.Wait(Settle);
        var many = Memory.Of(processes[0]);
        var (messages, cpu, started) = (clients.Messages, CpuTime.Of(processes), Stopwatch.GetTimestamp());
        clients.Wait(TimeSpan.FromSeconds(arguments.Number("seconds", 60)));
        cpu = CpuTime.Of(processes) - cpu;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var count = clients._subscribers.Count;
        Console.Out.WriteLine(new IdleResult(
            count,
            (many - few) / (double)(count - First),
            Memory.Of(processes[0]),
            100 * cpu.Service / seconds,
            (clients.Messages - messages) / seconds).ToLine());
        return Task.FromResult(0);
    }

    public void Dispose()
    {
        foreach (var subscriber in _subscribers) subscriber.Dispose();
        _epoll.Dispose();
    }

    private long Messages => _subscribers.Sum(subscriber => subscriber.Others);

    private void Connect(int port, LiveKind kind, int count)
    {
        while (_subscribers.Count < count)
        {
            var subscriber = Subscriber.Connect(port, kind, _subscribers.Count, BufferSize);
            subscriber.Watch(_epoll);
            _subscribers.Add(subscriber);
        }
    }

    private void Wait(TimeSpan time)
    {
        const int StepMilliseconds = 100;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            foreach (var index in _epoll.Wait(StepMilliseconds)) _subscribers[index].Receive(_latencies);
        }
    }
}
