using LogApi.Infrastructure.Redis.Tree;
using LogApi.Infrastructure.Tests.Redis.Keeping;
using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Tree;

/// <summary>A log whose entries are signed, with the process that did it.</summary>
internal sealed class SignedLog : IAsyncDisposable
{
    private readonly IntegratorOptions _options;

    private SignedLog(StoreFixture store, LogProcess process, IntegratorOptions options)
    {
        (Store, Process, _options) = (store, process, options);
        Log = new KeptLog(process);
        Part = new TreePart(store, process, Folder, options);
    }

    public StoreFixture Store { get; }

    public LogProcess Process { get; }

    public TempDirectory Folder { get; } = new();

    public KeptLog Log { get; }

    public TreePart Part { get; private set; }

    public static async Task<SignedLog> StartAsync(StoreKind kind, int count, IntegratorOptions? options = null)
    {
        var store = await StoreFixture.StartPatientAsync(kind);
        var log = new SignedLog(store, await LogProcess.StartAsync(store), options ?? new IntegratorOptions { IntervalMilliseconds = 0 });
        await log.GrowAsync(count);
        return log;
    }

    public async Task GrowAsync(int count)
    {
        await Log.AppendAsync(count);
        await FreeLeaseAsync();
        await Part.PublishAsync();
        Assert.That(Part.Guard.Refusal, Is.Null);
    }

    public async Task CheckAsync() => await Part.Guard.CheckAsync(Process.Connection.Database, default);

    public Task<TreeState> ReadAsync() => Part.Tree.ReadAsync(Process.Connection.Database);

    public async Task FreeLeaseAsync() => await Process.Connection.Database.KeyDeleteAsync(Process.Connection.Keys.Integrator);

    /// <summary>Ends the process; what it has on its disk stays.</summary>
    public async Task StopAsync()
    {
        Part.Dispose();
        Process.Connection.IntegrityRefusal = null;
        await FreeLeaseAsync();
    }

    /// <summary>Starts it again, perhaps with another key.</summary>
    public async Task RestartAsync(string key = Some.SigningKey)
    {
        await StopAsync();
        Part = new TreePart(Store, Process, Folder, _options, key: key);
    }

    public async ValueTask DisposeAsync()
    {
        Part.Dispose();
        await Process.DisposeAsync();
        await Store.DisposeAsync();
        Folder.Dispose();
    }
}
