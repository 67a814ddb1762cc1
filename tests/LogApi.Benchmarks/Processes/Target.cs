namespace LogApi.Benchmarks.Processes;

/// <summary>A running service that is measured, and the processes whose time it costs.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    private Target(string name) => Name = name;

    public string Name { get; }

    public int Port { get; set; }

    /// <summary>What to write with; empty for a service that asks for nothing.</summary>
    public string Token { get; set; } = "";

    /// <summary>The processes that do the work, the service itself first, its store next when that is one of its own.</summary>
    public IReadOnlyList<int> ProcessIds { get; set; } = [];

    /// <summary>Where its redis-server listens; none when it has no such process.</summary>
    public int? RedisPort { get; set; }

    /// <summary>The service, when it is ours.</summary>
    public LogApiServer? Server { get; set; }

    /// <summary>Starts what the target consists of; ends what is started already when the rest fails.</summary>
    public static async Task<Target> StartAsync(string name, Func<Target, Task> start)
    {
        var target = new Target(name);
        try
        {
            await start(target);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends this with the target, before what it was given earlier.</summary>
    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned)) await owned.DisposeAsync();
    }
}
