using System.Globalization;
using System.Text.Json;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>Checks an export with proofs, line by line. The checkpoint stands in the last line, so that is read first.</summary>
internal sealed class ExportCheck(VerifyArguments arguments, OtherCheckpoint? other, VerifyReport report)
{
    private static readonly string[] EndMembers = ["type", "count", "has_more", "next_cursor", "checkpoint"];

    private readonly ExportOrder _order = new(other?.Size);

    private Checkpoint _checkpoint = new("", 0, TreeHash.Empty);
    private long _entries;
    private long _proven;
    private long _redacted;
    private long _line;
    private bool _isOver;

    /// <summary>Checks it.</summary>
    public async Task RunAsync(FileStream file, CancellationToken cancellationToken)
    {
        await report.BeginAsync($"{arguments.File}: an export.");
        if (await FindCheckpointAsync(await FileLines.ReadLastAsync(file, cancellationToken)) is not { } checkpoint) return;
        _checkpoint = checkpoint;
        await foreach (var line in FileLines.ReadAsync(file, cancellationToken))
        {
            _line++;
            await CheckLineAsync(line);
        }

        Conclude();
        if (other is not null) await other.CompareAsync(_checkpoint, _order.RootOfOther, report);
        else report.Leave(Wording.OneHistory);
    }

    private async Task<Checkpoint?> FindCheckpointAsync(ReadOnlyMemory<byte> last)
    {
        if (!JsonText.TryRead(last, out var document) || document.RootElement.Text("type") != "end")
        {
            document?.Dispose();
            await report.FindAsync("The last line is not the end of an export: the transfer broke off, or lines were cut off. The checkpoint is gone with it, so nothing can be proven.");
            return null;
        }

        using (document)
        {
            if (document.RootElement.Text("checkpoint") is not { } text)
            {
                await report.FindAsync("The export has no checkpoint, so nothing can be proven: ask for it with proofs=true, once there is one.");
                return null;
            }

            if (!SignedNote.TryParse(text, out var note))
            {
                await report.FindAsync("The checkpoint in the last line is no signed note.");
                return null;
            }

            if (SignedCheckpoint.TryOpen(note, arguments.Key, out var checkpoint, out var problem))
            {
                if (SignedCheckpoint.DescribeOthers(note, arguments.Key) is { } others) report.Leave(others);
                return checkpoint;
            }

            await report.FindAsync($"The checkpoint in the last line {problem}. So nothing is proven.");
            return null;
        }
    }

    private async Task CheckLineAsync(ReadOnlyMemory<byte> line)
    {
        if (line.Trim(" \t\r"u8).IsEmpty)
        {
            await FindAsync("is blank, or too long");
            return;
        }

        if (_isOver)
        {
            await FindAsync("comes after the end of the export");
            return;
        }

        if (!JsonText.TryRead(line, out var document))
        {
            await FindAsync("is not a JSON object, or has a member twice or text that is not Unicode");
            return;
        }

        using (document)
        {
            var json = document.RootElement;
            if (!json.TryGetProperty("type", out _)) await CheckEntryAsync(json);
            else if (json.Text("type") == "end") await CheckEndAsync(json);
            else if (json.Text("type") == "gap") await CheckGapAsync(json);
            else await FindAsync("is neither an entry nor the end of an export");
        }
    }

    private async Task CheckEntryAsync(JsonElement json)
    {
        _entries++;
        if (!HeldEntry.TryRead(json, saltBeside: null, out var entry, out var problem))
        {
            await FindAsync(problem);
            return;
        }

        if (json.Number("log_index") is not { } index || entry.Inclusion is not { } proof)
        {
            await FindAsync($"has no proof: nothing shows that the entry {entry.Leaf.Id} was logged like this");
            return;
        }

        if (entry.Places.Any(place => place != index))
            await FindAsync(string.Create(CultureInfo.InvariantCulture, $"has a seq that is not its log_index {index}"));
        var leaf = TreeHash.OfLeaf(entry.Leaf.Encode());
        if (!TreeProof.IsIncluded(index, _checkpoint.Size, leaf, [.. proof], _checkpoint.Root))
        {
            await FindAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"is not what was logged at index {index}: the entry {entry.Leaf.Id}, its salt or its proof was changed"));
            return;
        }

        _proven++;
        if (entry.IsRedacted) _redacted++;
        if (!_order.TryAdd(index, leaf))
            await FindAsync(string.Create(CultureInfo.InvariantCulture, $"is out of order: index {index} comes after {_order.Last}, so lines were repeated or moved"));
    }

    private async Task CheckEndAsync(JsonElement json)
    {
        _isOver = true;
        if (json.Number("count") is not { } count || count != _entries)
        {
            await FindAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"says that the export has {json.Number("count")?.ToString(CultureInfo.InvariantCulture) ?? "no"} entries; the file has {_entries}, so lines were taken out or put in"));
        }

        foreach (var member in json.EnumerateObject().Where(static member => !EndMembers.Contains(member.Name, StringComparer.Ordinal)))
            await FindAsync($"has a member {VerifyReport.Quote(member.Name)}, which no export has");
        if (!json.TryGetProperty("has_more", out var more) || more.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            await FindAsync("does not say whether there are more entries");
        else if (more.ValueKind == JsonValueKind.True)
            report.Leave("Anything of the entries that the export goes on with: it says that there are more.");
    }

    private Task CheckGapAsync(JsonElement json)
    {
        var (from, to) = (json.Number("from"), json.Number("to"));
        var which = from == to
            ? string.Create(CultureInfo.InvariantCulture, $"entry {from}")
            : string.Create(CultureInfo.InvariantCulture, $"entries {from} to {to}");
        return FindAsync($"says that the service could not give out {which}: {VerifyReport.Quote(json.Text("reason"))}");
    }

    private void Conclude()
    {
        report.Prove(SignedCheckpoint.Describe(_checkpoint, arguments.Key));
        if (_proven > 0)
        {
            report.Prove($"{VerifyReport.Count(_proven, "entry", "entries")} of the file {(_proven == 1 ? "is" : "are")} in that tree, {_order.Describe(_proven)}");
            if (_proven > _redacted)
                report.Prove($"{(_redacted == 0 ? "Each" : "Each that is not redacted")} was logged exactly as it is here: user, query, status, hash, times and attributes.");
        }

        if (_redacted > 0)
        {
            report.Prove($"{VerifyReport.Count(_redacted, "entry is", "entries are")} redacted: one with this id and time was logged at each of these places, and its content was erased.");
            report.Leave($"What the {VerifyReport.Count(_redacted, "redacted entry", "redacted entries")} said.");
        }

        if (_entries > _proven) report.Leave($"Anything of the {VerifyReport.Count(_entries - _proven, "entry", "entries")} named above.");
        if (_proven > _redacted) report.Leave(Wording.Hashes);
        if (_proven < _checkpoint.Size) report.Leave(_order.DescribeRest(_proven, _checkpoint.Size));
    }

    private Task FindAsync(string problem) => report.FindAsync(string.Create(CultureInfo.InvariantCulture, $"Line {_line} {problem}."));
}
