using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using Garnet.common;
using LogApi.Application.Common.Errors;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Embedded;

/// <summary>
/// A durable store inside this process that speaks Redis' protocol, for a machine without a Redis: one folder, one owner, and
/// reached only from this machine with a password that nobody else has. Its folder holds <c>lock</c>, which says that the folder
/// is in use, <c>head</c> (see <see cref="HeadMarker"/>) and <c>data</c>, the store's own files.
/// </summary>
/// <remarks>
/// An answer to a write does not mean that it is on disk: <see cref="CommitAsync"/> does. A script's effects are separate records
/// in the append-only file, so a crash can keep a part of them; a script locks only the keys it declares, and must not run
/// inside MULTI, which never returns.
/// </remarks>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    private const int PasswordBytes = 32;
    private const int PortAttempts = 8;

    private readonly FileStream _lock;
    private readonly GarnetServer _server;
    private readonly EmbeddedLog _log;
    private readonly string _password;
    private int _disposed;

    private EmbeddedStore(string folder, FileStream folderLock, GarnetServer server, EmbeddedLog log, int port, string password)
    {
        Folder = folder;
        Port = port;
        (_lock, _server, _log, _password) = (folderLock, server, log, password);
    }

    /// <summary>The folder that this process owns while the store runs.</summary>
    public string Folder { get; }

    /// <summary>The TCP port on 127.0.0.1 where the store listens.</summary>
    public int Port { get; }

    /// <summary>
    /// Recovers what a folder holds and starts to serve it: under a second for an empty one, about a second more for each 50,000
    /// entries since its last checkpoint.
    /// </summary>
    /// <param name="folder">The folder; made, for its owner only, if it is missing.</param>
    /// <param name="loggerFactory">Where the store's warnings and errors go; it stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Stops the start before the recovery begins, which can't be interrupted.</param>
    /// <exception cref="StartRefusedException">
    /// The folder can't be written to, another process uses it, or what it holds can't be read. Nothing was deleted.
    /// </exception>
    public static Task<EmbeddedStore> StartAsync(string folder, ILoggerFactory loggerFactory, CancellationToken cancellationToken) =>
        Task.Run(() => Start(Path.GetFullPath(folder), loggerFactory), cancellationToken);

    /// <summary>Gives what a client of this store needs. It has the password in it, so it must not be logged.</summary>
    public ConfigurationOptions CreateConfiguration() => new()
    {
        EndPoints = { { IPAddress.Loopback, Port } },
        Password = _password,
    };

    /// <summary>
    /// Completes when every write that was answered before this call is on disk: the files are written through to the device.
    /// One call serves any number of writes.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The disk did not take the writes, because it is full for example. They may or may not be there after a restart.
    /// </exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _server.Store.CommitAOFAsync(cancellationToken)) return;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new StoreUnavailableException(StoreFailure.OutcomeUnknown, innerException: fault);
        }

        throw new StoreUnavailableException(StoreFailure.OutcomeUnknown);
    }

    /// <summary>Waits until everything that was written is on disk, stops listening, and gives the folder up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        try
        {
            await CommitAsync(CancellationToken.None);
        }
        finally
        {
            // What it would report from here on are its own background tasks that end.
            _log.Silence();
            await Task.Run(_server.Dispose);
            await _lock.DisposeAsync();
        }
    }

    private static EmbeddedStore Start(string folder, ILoggerFactory loggerFactory)
    {
        var folderLock = LockFolder(folder);
        try
        {
            return StartOnFreePort(folder, folderLock, new EmbeddedLog(loggerFactory));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static FileStream LockFolder(string folder)
    {
        try
        {
            CreatePrivateFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"DATA_DIR: the folder {folder} can't be made: {failure.Message}", failure);
        }

        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartRefusedException($"DATA_DIR: the folder {folder} can't be written to.", failure);
        }
        catch (IOException failure)
        {
            throw new StartRefusedException(
                $"DATA_DIR: the folder {folder} is in use by another process; give each process a DATA_DIR of its own, or let them "
                    + "share a Redis through REDIS_URL.",
                failure);
        }
    }

    private static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static EmbeddedStore StartOnFreePort(string folder, FileStream folderLock, EmbeddedLog log)
    {
        var data = Path.Combine(folder, "data");
        for (var attempt = 1; ; attempt++)
        {
            var port = FindFreePort();
            var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(PasswordBytes));
            try
            {
                CreatePrivateFolder(data);
                return new EmbeddedStore(folder, folderLock, StartServer(data, port, password, log), log, port, password);
            }
            catch (GarnetException failure) when (IsPortTaken(failure) && attempt < PortAttempts)
            {
                // Somebody took the port between finding it and binding it: the next round finds another one.
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                var reason = failure.Message.ReplaceLineEndings(" ");
                throw new StartRefusedException(
                    $"DATA_DIR: the embedded store in {data} did not start; nothing was deleted. It says: {reason}", failure);
            }
        }
    }

    private static bool IsPortTaken(GarnetException failure) =>
        failure.InnerException is SocketException
        {
            SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied,
        };

    private static int FindFreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static GarnetServer StartServer(string data, int port, string password, EmbeddedLog log)
    {
        var server = new GarnetServer(EmbeddedServerOptions.Create(data, port, password), log);
        try
        {
            server.Start();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }
}
