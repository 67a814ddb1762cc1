using System.Text;

namespace LogApi.Web.Configuration;

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFile
{
    /// <summary>
    /// Writes a new file: it is there with all of its text, on the disk and with mode 0600, or not at all, whatever happens on
    /// the way.
    /// </summary>
    /// <returns>Whether the name was free; false when something stands there already, which is left as it is.</returns>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static bool TryCreate(string path, string text)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var aside = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(aside, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            return HardLink.TryCreate(aside, path);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
