using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Embedded;
using LogApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Embedded;

[Parallelizable(ParallelScope.All)]
public sealed class EmbeddedStoreTests
{
    [Test]
    public async Task StartAsync_StoppedBefore_HasItsData()
    {
        await using var folder = new TempDirectory();
        await using (var first = await StartAsync(folder.Path))
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync(first.CreateConfiguration());
            await client.GetDatabase().ListRightPushAsync("list", [.. Enumerable.Range(0, 1000).Select(i => (RedisValue)i)]);
        }

        await using var second = await StartAsync(folder.Path);
        await using var again = await ConnectionMultiplexer.ConnectAsync(second.CreateConfiguration());

        var values = await again.GetDatabase().ListRangeAsync("list");
        Assert.That(values.Select(value => (int)value), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public async Task StartAsync_FolderIsInUse_RefusesInOneLine()
    {
        await using var folder = new TempDirectory();
        await using var first = await StartAsync(folder.Path);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(folder.Path));

        Assert.That(refusal!.Message, Does.Contain("DATA_DIR").And.Contains(folder.Path).And.Contains("in use").And.Not.Contains("\n"));
    }

    [Test]
    public async Task StartAsync_FolderCannotBeMade_RefusesInOneLine()
    {
        await using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.Combine("file"), "");

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(folder.Combine("file/store")));

        Assert.That(refusal!.Message, Does.Contain("DATA_DIR").And.Contains("can't be made").And.Not.Contains("\n"));
    }

    [Test]
    public async Task StartAsync_Always_ListensOnLoopbackOnlyAndWantsThePassword()
    {
        await using var folder = new TempDirectory();
        await using var store = await StartAsync(folder.Path);

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(at => at.Port == store.Port);
        var stranger = store.CreateConfiguration();
        stranger.Password = null;
        stranger.AbortOnConnectFail = false;
        await using var client = await ConnectionMultiplexer.ConnectAsync(stranger);

        Assert.That(listeners.Select(at => at.Address), Is.EqualTo(new[] { IPAddress.Loopback }));
        await Assert.ThatAsync(() => client.GetDatabase().StringGetAsync("key"), Throws.InstanceOf<RedisException>());
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such modes.")]
    [UnsupportedOSPlatform("windows")]
    public async Task StartAsync_OnUnix_KeepsOthersOutOfItsFolder()
    {
        await using var folder = new TempDirectory();
        await using var store = await StartAsync(folder.Combine("store"));

        Assert.That(
            File.GetUnixFileMode(store.Folder),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    private static Task<EmbeddedStore> StartAsync(string folder) => EmbeddedStore.StartAsync(folder, NullLoggerFactory.Instance, default);
}
