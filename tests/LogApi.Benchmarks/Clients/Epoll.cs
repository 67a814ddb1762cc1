using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LogApi.Benchmarks.Clients;

/// <summary>
/// Waits for many sockets on one thread. The framework's asynchronous sockets hop between threads for every event, and a
/// client that shares its cores with the server it measures must not spend the server's time.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int MaxEvents = 256;
    private const int ControlAdd = 1;
    private const int ReadyToRead = 1;
    private const int Interrupted = 4;

    // The kernel packs this structure on x86-64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - sizeof(long);

    private readonly int _handle;
    private readonly byte[] _events = new byte[MaxEvents * EventSize];
    private readonly int[] _ready = new int[MaxEvents];

    public Epoll() => _handle = Checked(Create(0));

    /// <summary>Has <see cref="Wait"/> give <paramref name="index"/> whenever the socket can be read.</summary>
    public void Add(Socket socket, int index)
    {
        Span<byte> data = stackalloc byte[EventSize];
        data.Clear();
        MemoryMarshal.Write(data, ReadyToRead);
        MemoryMarshal.Write(data[DataOffset..], (long)index);
        Checked(Control(_handle, ControlAdd, (int)socket.Handle, ref data[0]));
    }

    /// <summary>Gives the sockets that can be read; none when the time is over. Valid until the next call.</summary>
    public ReadOnlySpan<int> Wait(int timeoutMilliseconds)
    {
        var count = WaitForEvents(_handle, ref _events[0], MaxEvents, timeoutMilliseconds);
        if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted) return [];
        Checked(count);
        for (var i = 0; i < count; i++)
        {
            _ready[i] = (int)MemoryMarshal.Read<long>(_events.AsSpan((i * EventSize) + DataOffset));
        }

        return _ready.AsSpan(0, count);
    }

    public void Dispose() => _ = Close(_handle);

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int handle, int operation, int socket, ref byte data);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitForEvents(int handle, ref byte events, int capacity, int timeout);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
