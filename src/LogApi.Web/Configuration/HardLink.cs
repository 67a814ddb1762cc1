using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LogApi.Web.Configuration;

/// <summary>Puts a finished file under a name that nothing else may have yet, in one step of the file system.</summary>
internal static partial class HardLink
{
    private const int FileExists = 17;

    /// <summary>Gives a file a further name.</summary>
    /// <returns>Whether the name was free; false when something stands there already.</returns>
    /// <exception cref="IOException">The file system refused for another reason.</exception>
    /// <remarks>
    /// <see cref="File.Move(string, string, bool)"/> looks first and renames then on Unix: of two that do it at once, the second
    /// replaces what the first put there.
    /// </remarks>
    public static bool TryCreate(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(existing, name, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(name))
            {
                return false;
            }
        }

        if (Link(existing, name) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists ? false : throw new IOException(new Win32Exception(error).Message);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
