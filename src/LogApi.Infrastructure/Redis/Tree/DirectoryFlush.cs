using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Puts the names in a folder on disk: a file that was flushed may else be there under its former name after a power cut.</summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder can't be opened, or not be written to the disk.</exception>
    public static void Run(string folder)
    {
        // There a move is on disk when it returns.
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        try
        {
            if (Flush(handle) != 0) throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
