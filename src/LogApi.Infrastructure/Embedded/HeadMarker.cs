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
    /// <summary>Where the file is.</summary>
    public string File { get; } = Path.Combine(storeFolder, "head");

    /// <summary>Says why a log that was recovered with this end is not all that there was, or nothing when it may be.</summary>
    public async Task<string?> FindLossAsync(LogHead recovered, CancellationToken cancellationToken)
    {
        if (!System.IO.File.Exists(File)) return null;
        if (!TryParse(await System.IO.File.ReadAllTextAsync(File, cancellationToken), out var prefix, out var marked))
        {
            return Invariant($"DATA_DIR: {File} does not say how many entries the embedded store had, so a loss would go unnoticed; ")
                + "restore the folder from a backup or, if no entry is missing, delete this file.";
        }

        // Another prefix is another log in the same store, of which the file says nothing.
        if (prefix != keyPrefix) return null;
        if (recovered.Epoch == marked.Epoch && recovered.Next >= marked.Next) return null;
        var found = recovered.Epoch == marked.Epoch || recovered.Epoch.Length == 0
            ? Invariant($"{recovered.Next} entries")
            : Invariant($"another log of {recovered.Next} entries");
        return Invariant($"DATA_DIR: the embedded store in {storeFolder} holds {found} where at least {marked.Next} were stored; ")
            + "nothing was deleted. Restore the folder from a backup, or move it away to start with an empty log, or, to go on "
            + $"without the lost entries, delete {File}.";
    }

    /// <summary>Replaces the file; call it only with an end that is on disk.</summary>
    public async Task WriteAsync(LogHead head, CancellationToken cancellationToken)
    {
        var temporary = File + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var line = Invariant($"{keyPrefix} {head.Epoch} {head.Next}\n");
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line), cancellationToken);

            // The name must not come to stand for bytes that are not there yet.
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(temporary, File, overwrite: true);
    }

    private static bool TryParse(string line, out string prefix, out LogHead head)
    {
        var parts = line.TrimEnd('\n').Split(' ');
        prefix = parts[0];
        head = default;
        if (parts.Length != 3 || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var next)) return false;
        head = new LogHead(parts[1], next);
        return true;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
