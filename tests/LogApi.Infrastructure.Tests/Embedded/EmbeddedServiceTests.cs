using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Infrastructure.Redis.Feed;
using LogApi.Infrastructure.Redis.Sessions;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LogApi.Infrastructure.Tests.Embedded;

/// <summary>All that <c>AddInfrastructure</c> registers, started and stopped in its order, on the embedded store.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EmbeddedServiceTests
{
    [Test]
    public async Task Start_AfterACleanStop_HasEntriesAndSessions()
    {
        await using var folder = new TempDirectory();
        var token = SessionToken.New();
        var entries = Some.Entries(300);
        await using (var first = await Service.StartAsync(folder.Path))
        {
            await Task.WhenAll(entries.Select(first.AppendAsync));
            await first.Get<ISessionStore>().StartAsync(token, Some.UserId("ada"), TimeSpan.FromMinutes(1), default);
        }

        await using var second = await Service.StartAsync(folder.Path);

        var head = await second.Get<ILogRepository>().GetHeadAsync(default);
        Assert.That(head.Next, Is.EqualTo(300));
        Assert.That((await second.Get<ISessionStore>().FindAsync(token, default))?.Value, Is.EqualTo("ada"));
    }

    [Test]
    public async Task CheckAsync_Running_IsReadyAndNamesItsDurability()
    {
        await using var folder = new TempDirectory();
        await using var service = await Service.StartAsync(folder.Path);

        var status = await service.Get<IStoreMonitor>().CheckAsync(default);

        Assert.That(status, Is.EqualTo(new StoreStatus("embedded", Ready: true, "fsync-always", Problem: null)));
    }

    [Test]
    public async Task Start_TheStoresFilesAreGone_IsRefusedWithTheNumbers()
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 10);
        Directory.Delete(folder.Combine("store/data"), recursive: true);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => Service.StartAsync(folder.Path));

        Assert.That(refusal!.Message, Does.Contain("0 entries").And.Contains("at least 10").And.Not.Contains("\n"));
    }

    [Test]
    public async Task Start_TheStoresFilesAreOlder_IsRefusedWithTheNumbers()
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 10);
        Directory.Move(folder.Combine("store/data"), folder.Combine("older"));
        CopyFolder(folder.Combine("older"), folder.Combine("store/data"));
        await AppendAndStopAsync(folder.Path, count: 5);
        Directory.Delete(folder.Combine("store/data"), recursive: true);
        Directory.Move(folder.Combine("older"), folder.Combine("store/data"));

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => Service.StartAsync(folder.Path));

        Assert.That(refusal!.Message, Does.Contain("holds 10 entries").And.Contains("at least 15"));
    }

    [Test]
    public async Task Start_TheMarkIsGone_Starts()
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 10);
        File.Delete(folder.Combine("store/head"));

        await using var service = await Service.StartAsync(folder.Path);

        Assert.That((await service.Get<ILogRepository>().GetHeadAsync(default)).Next, Is.EqualTo(10));
    }

    [TestCase("")]
    [TestCase("logapi: 0123 many\n")]
    public async Task Start_TheMarkIsUnreadable_IsRefused(string mark)
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 1);
        await File.WriteAllTextAsync(folder.Combine("store/head"), mark);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => Service.StartAsync(folder.Path));

        Assert.That(refusal!.Message, Does.Contain(folder.Combine("store/head")).And.Not.Contains("\n"));
    }

    [Test]
    public async Task Start_TheMarkIsOfAnotherLog_Starts()
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 1);
        await File.WriteAllTextAsync(folder.Combine("store/head"), "other: 0123456789abcdef 7\n");

        await using var service = await Service.StartAsync(folder.Path);

        Assert.That((await service.Get<ILogRepository>().GetHeadAsync(default)).Next, Is.EqualTo(1));
    }

    [Test]
    public async Task Start_TheMarkMayNotBeRead_IsRefusedInOneLine()
    {
        await using var folder = new TempDirectory();
        await AppendAndStopAsync(folder.Path, count: 1);
        await using var locked = new FileStream(folder.Combine("store/head"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => Service.StartAsync(folder.Path));

        Assert.That(refusal!.Message, Does.Contain("can't be read").And.Not.Contains("\n"));
    }

    [Test]
    public async Task Stop_HostHasNoTimeLeft_EndsInOrder()
    {
        await using var folder = new TempDirectory();
        await using var service = await Service.StartAsync(folder.Path);
        await service.AppendAsync(Some.Entry());

        foreach (var hosted in service.Get<IEnumerable<IHostedService>>().Reverse())
            await hosted.StopAsync(new CancellationToken(canceled: true));

        Assert.That(await File.ReadAllTextAsync(folder.Combine("store/head")), Does.EndWith(" 1\n"));
    }

    [Test]
    public async Task Append_WhileItRuns_NotesTheHeadWithinSeconds()
    {
        await using var folder = new TempDirectory();
        await using var service = await Service.StartAsync(folder.Path);

        await service.AppendAsync(Some.Entry());

        await Eventually.BecomesTrueAsync(
            () => File.Exists(folder.Combine("store/head")) && File.ReadAllText(folder.Combine("store/head")).EndsWith(" 1\n", StringComparison.Ordinal));
    }

    private static async Task AppendAndStopAsync(string folder, int count)
    {
        await using var service = await Service.StartAsync(folder);
        foreach (var entry in Some.Entries(count)) await service.AppendAsync(entry);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class Service : IAsyncDisposable
    {
        private readonly ServiceProvider _provider;

        private Service(ServiceProvider provider) => _provider = provider;

        public static async Task<Service> StartAsync(string dataDirectory)
        {
            var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
            services.AddSingleton(Options.Create(new StoreOptions { DataDirectory = dataDirectory }));
            services.AddSingleton(Options.Create(new AppendOptions()));
            services.AddSingleton(Options.Create(new FeedOptions()));
            services.AddSingleton(Options.Create(new SessionCacheOptions()));
            services.AddSingleton(Some.Hasher);
            if (!CheckpointSigner.TryCreate(Some.SigningKey, out var signer, out var problem)) throw new InvalidOperationException(problem);
            services.AddSingleton<ICheckpointSigner>(signer);
            services.AddInfrastructure();
            var provider = services.BuildServiceProvider();
            try
            {
                foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StartAsync(default);
                return new Service(provider);
            }
            catch
            {
                await provider.DisposeAsync();
                throw;
            }
        }

        public T Get<T>()
            where T : notnull => _provider.GetRequiredService<T>();

        public Task<IReadOnlyList<Appended>> AppendAsync(LogEntry entry) =>
            Get<ILogRepository>().AppendAsync([new NewEntry(entry, mayExist: false)], WhenFull.Fail, default);

        public async ValueTask DisposeAsync()
        {
            foreach (var hosted in _provider.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(default);
            await _provider.DisposeAsync();
        }
    }
}
