using System.Globalization;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>Processes of the service on one store, each with a network of its own to it, that come and go as a test wants.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private readonly List<Slot> _slots = [];
    private readonly RedisServerProcess? _redis;

    private LiveCluster(RedisServerProcess? redis) => _redis = redis;

    public RedisServerProcess Redis => _redis ?? throw new InvalidOperationException("The store is the embedded one.");

    /// <summary>How many processes there are when all are there.</summary>
    public int Count => _slots.Count;

    /// <summary>Starts a number of processes; on the embedded store there can be one.</summary>
    public static async Task<LiveCluster> StartAsync(StoreKind kind, int count, params (string Name, string Value)[] settings)
    {
        var cluster = new LiveCluster(kind == StoreKind.Redis ? await Service.StartRedisAsync() : null);
        try
        {
            for (var i = 0; i < count; i++) cluster._slots.Add(new Slot(cluster._redis, settings));
            await Task.WhenAll(Enumerable.Range(0, count).Select(cluster.StartAsync));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The network between a process and Redis.</summary>
    public TcpProxy Network(int slot) => _slots[slot].Proxy!;

    /// <summary>A process.</summary>
    public ServerProcess Server(int slot) => _slots[slot].Server!;

    /// <summary>Where one of the processes is, one that is there unless none is.</summary>
    public Uri AnyAddress(Random random)
    {
        var there = _slots.Where(slot => slot.IsUp).ToList();
        if (there.Count == 0) there = _slots;
        return there[random.Next(there.Count)].Address;
    }

    /// <summary>Starts a process on the address that its predecessor had.</summary>
    public async Task StartAsync(int slot)
    {
        _slots[slot].Server = await ServerProcess.StartAsync(_slots[slot].Settings);
        _slots[slot].IsUp = true;
    }

    /// <summary>Ends a process as a service manager does.</summary>
    public Task TerminateAsync(int slot) => EndAsync(slot, server => server.TerminateAsync());

    /// <summary>Ends a process at once.</summary>
    public Task KillAsync(int slot) => EndAsync(slot, server => server.KillAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in _slots)
        {
            if (slot.Server is not null) await slot.Server.DisposeAsync();
            if (slot.Proxy is not null) await slot.Proxy.DisposeAsync();
            await slot.Folder.DisposeAsync();
        }

        if (_redis is not null) await _redis.DisposeAsync();
    }

    private async Task EndAsync(int slot, Func<ServerProcess, Task> end)
    {
        _slots[slot].IsUp = false;
        await end(Server(slot));
        await Server(slot).DisposeAsync();
    }

    private sealed class Slot
    {
        public Slot(RedisServerProcess? redis, IEnumerable<(string Name, string Value)> settings)
        {
            Proxy = redis is null ? null : new TcpProxy(redis.Port);
            var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
            Address = new Uri("http://127.0.0.1:" + port);
            Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
            Settings["PORT"] = port;
            Settings["DATA_DIR"] = Folder.Path;
            Settings["REDIS_URL"] = Proxy is null ? "" : "redis://" + Proxy.EndPoint;
            Service.AddSecrets(Settings);
        }

        public TempDirectory Folder { get; } = new();

        public TcpProxy? Proxy { get; }

        public Uri Address { get; }

        public Dictionary<string, string> Settings { get; }

        public ServerProcess? Server { get; set; }

        public volatile bool IsUp;
    }
}
