using System.Globalization;
using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Embedded;

/// <summary>
/// A small file beside the embedded store's own, with an end of the log that was on disk. After damage to its files the store
/// starts shorter or even empty without a word, and numbers would be given twice; this file tells.
/// </summary>
/// <remarks>One line: the key prefix, the epoch and the next sequence number, with spaces between.</remarks>
internal sealed class HeadMarker(string storeFolder, string keyPrefix)
{
    private readonly string _path = Path.Combine(storeFolder, "head");

    /// <summary>Says why a log that was recovered with this end is not all that there was, or nothing when it may be.</summary>
    public async Task<string?> FindLossAsync(LogHead recovered, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } marked) return null;
        if (recovered.Epoch == marked.Epoch && recovered.Next >= marked.Next) return null;
        var found = recovered.Epoch == marked.Epoch || recovered.Epoch.Length == 0
            ? Invariant($"{recovered.Next} entries")
            : Invariant($"another log of {recovered.Next} entries");
        return Invariant($"DATA_DIR: the embedded store in {storeFolder} holds {found} where at least {marked.Next} were stored; ")
            + "nothing was deleted. Restore the folder from a backup, or move it away to start with an empty log, or, to go on "
            + $"without the lost entries, delete {_path}.";
    }

    /// <summary>Replaces the file; call it only with an end that is on disk.</summary>
    public async Task WriteAsync(LogHead head, CancellationToken cancellationToken)
    {
        var temporary = _path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var line = Invariant($"{keyPrefix} {head.Epoch} {head.Next}\n");
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line), cancellationToken);

            // The name must not come to stand for bytes that are not there yet.
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
    }

    private async Task<LogHead?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path)) return null;
        var parts = (await File.ReadAllTextAsync(_path, cancellationToken)).TrimEnd('\n').Split(' ');

        // Another prefix is another log in the same store, of which the file says nothing.
        return parts.Length == 3 && parts[0] == keyPrefix && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var next)
            ? new LogHead(parts[1], next)
            : null;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
