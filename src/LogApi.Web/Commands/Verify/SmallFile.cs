using System.Text;

namespace LogApi.Web.Commands.Verify;

/// <summary>Files that are read as a whole.</summary>
internal static class SmallFile
{
    /// <summary>The longest file, in bytes: an entry is at most 512 KiB, a proof a few.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="UnusableFileException">It is too large or not UTF-8.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await ReadAsync(file, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(string, CancellationToken)"/>
    public static async Task<string> ReadAsync(FileStream file, CancellationToken cancellationToken)
    {
        // Of a pipe, the length shows when it is read.
        if (file.CanSeek) file.Position = 0;
        var bytes = new byte[file.CanSeek ? Math.Min(file.Length, MaxBytes) + 1 : MaxBytes + 1];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes) throw new UnusableFileException($"{file.Name} is too large: more than {MaxBytes} bytes.");
        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new UnusableFileException($"{file.Name} is not UTF-8 text.");
        }
    }
}
