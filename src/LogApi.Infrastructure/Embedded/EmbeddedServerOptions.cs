using System.Net;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Tsavorite.core;

namespace LogApi.Infrastructure.Embedded;

/// <summary>The embedded server's own settings, each with its reason.</summary>
internal static class EmbeddedServerOptions
{
    /// <summary>Makes the settings of a durable, private server of modest size.</summary>
    /// <param name="folder">The folder of its files.</param>
    /// <param name="port">The TCP port on 127.0.0.1.</param>
    /// <param name="password">What every client must give, ASCII.</param>
    public static GarnetServerOptions Create(string folder, int port, string password) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        AuthSettings = new PasswordAuthenticationSettings(password),
        QuietMode = true,
        MaxDatabases = 1,

        // The default device needs libaio. This one by itself would bypass the system's cache but not the disk's: a file that has
        // just grown would lose acknowledged writes with the power. With buffering on, it writes through to the device.
        DeviceType = DeviceType.RandomAccess,
        DeviceFactoryCreator = new LocalStorageNamedDeviceFactoryCreator(
            disableFileBuffering: false, deviceType: DeviceType.RandomAccess),

        CheckpointDir = folder,
        Recover = true,
        FailOnRecoveryError = true,
        EnableAOF = true,

        // Waiting here would wait once for each command in a script, one device write after the other. EmbeddedStore.CommitAsync
        // waits once for everything before it; the timer bounds what nobody waited for.
        WaitForCommit = false,
        CommitFrequencyMs = 50,

        // The memory limit reserves nothing, and is out of reach on purpose: past it data moves to disk, and a crash after a
        // checkpoint of such a store came back with broken lists (2 of 25 kills at 64m, none at 1g, which was never reached).
        // Without the tier the store would silently drop its oldest data there instead.
        EnableStorageTier = true,
        LogDir = folder,
        LogMemorySize = "8g",
        PageSize = "8m",
        SegmentSize = "64m",
        ObjectLogSegmentSize = "64m",
        IndexMemorySize = "16m",
        IndexMaxMemorySize = "256m",
        BufferPoolMemoryBudget = "64m",
        NetworkBufferPoolSize = "16m",

        // Two pages at least, each twice a data page. The size limit starts a checkpoint, after which whole segments are deleted.
        AofMemorySize = "64m",
        AofPageSize = "16m",
        AofSegmentSize = "32m",
        AofSizeLimit = "128m",
        AofSizeLimitEnforceFrequencySecs = 5,

        // Expired keys, such as sessions, would otherwise stay until somebody reads them.
        ExpiredKeyDeletionScanFrequencySecs = 60,

        // Without transaction mode two scripts run in parallel, even on the same declared keys.
        EnableLua = true,
        LuaTransactionMode = true,
        LuaOptions = new LuaOptions(
            LuaMemoryManagementMode.Tracked, "64m", TimeSpan.FromSeconds(30), LuaLoggingMode.Silent, []),
    };
}
