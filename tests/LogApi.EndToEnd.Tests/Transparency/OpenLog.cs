using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Transparency;

/// <summary>
/// Reads a log by its open formats alone (RFC 6962, C2SP tlog-checkpoint and tlog-tiles), with nothing of the service's own code: what
/// an auditor would write.
/// </summary>
internal sealed class OpenLog(HttpClient client)
{
    /// <summary>Reads the size and root of the newest checkpoint; size 0 before the first one.</summary>
    public async Task<(long Size, byte[] Root, string Note)> ReadCheckpointAsync()
    {
        using var response = await client.GetAsync(new Uri("/checkpoint", UriKind.Relative));
        if (!response.IsSuccessStatusCode) return (0, [], "");
        var note = await response.Content.ReadAsStringAsync();
        var lines = note.Split('\n');
        return (long.Parse(lines[1], CultureInfo.InvariantCulture), Convert.FromBase64String(lines[2]), note);
    }

    /// <summary>Waits for a checkpoint of at least this size.</summary>
    public async Task<(long Size, byte[] Root, string Note)> WaitForAsync(long size)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var checkpoint = await ReadCheckpointAsync();
            if (checkpoint.Size >= size) return checkpoint;
            await Task.Delay(50);
        }

        throw new TimeoutException($"No checkpoint of size {size}.");
    }

    /// <summary>Reads all leaves of a tree from its entry bundles.</summary>
    public async Task<List<byte[]>> ReadLeavesAsync(long size)
    {
        var leaves = new List<byte[]>();
        foreach (var (number, width) in TilesOf(size, 0))
        {
            var bundle = await client.GetByteArrayAsync(new Uri($"/tile/entries/{PathOf(number, width)}", UriKind.Relative));
            var at = 0;
            for (var i = 0; i < width; i++)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
                leaves.Add(bundle[(at + 2)..(at + 2 + length)]);
                at += 2 + length;
            }

            Assert.That(at, Is.EqualTo(bundle.Length), "nothing is behind the last leaf");
        }

        return leaves;
    }

    /// <summary>Holds every tile of a tree of this size against the leaves, and gives how many there are.</summary>
    public async Task<int> CheckTilesAsync(long size, IReadOnlyList<byte[]> leaves)
    {
        var below = leaves.Take((int)size).Select(HashOfLeaf).ToList();
        var count = 0;
        for (var level = 0; below.Count > 0; level++)
        {
            foreach (var (number, width) in TilesOf(size, level))
            {
                var tile = await client.GetByteArrayAsync(new Uri($"/tile/{level}/{PathOf(number, width)}", UriKind.Relative));
                var expected = below.Skip((int)number * 256).Take(width).SelectMany(hash => hash).ToArray();
                Assert.That(tile, Is.EqualTo(expected), $"tile {level}/{PathOf(number, width)} at size {size}");
                count++;
            }

            below = [.. below.Chunk(256).Where(part => part.Length == 256).Select(RootOf)];
        }

        return count;
    }

    /// <summary>The leaf of an entry that an export with proofs gives.</summary>
    public static byte[] LeafOf(JsonElement entry)
    {
        var commitment = entry.TryGetProperty("redacted", out _)
            ? entry.GetProperty("commitment").GetString()
            : Convert.ToBase64String(SHA256.HashData([.. entry.GetProperty("salt").GetBytesFromBase64(), .. PayloadOf(entry)]));
        return Encoding.ASCII.GetBytes(
            $"logapi/v1\n{entry.GetProperty("id")}\n{entry.GetProperty("timestamp")}\n{commitment}\n");
    }

    /// <summary>SHA-256(0x00 ‖ leaf).</summary>
    public static byte[] HashOfLeaf(byte[] leaf) => SHA256.HashData([0, .. leaf]);

    /// <summary>The root over hashes (RFC 6962 §2.1).</summary>
    public static byte[] RootOf(IReadOnlyList<byte[]> hashes)
    {
        if (hashes.Count == 0) return SHA256.HashData([]);
        if (hashes.Count == 1) return hashes[0];
        var split = 1;
        while (2 * split < hashes.Count) split *= 2;
        return SHA256.HashData([1, .. RootOf([.. hashes.Take(split)]), .. RootOf([.. hashes.Skip(split)])]);
    }

    /// <summary>Whether an inclusion proof leads from a leaf to a root (RFC 6962 §2.1.1, by its recursive definition).</summary>
    public static byte[] RootBy(long index, long size, byte[] hash, ReadOnlySpan<byte[]> proof)
    {
        if (size == 1) return proof.IsEmpty ? hash : [];
        if (proof.IsEmpty) return [];
        long split = 1;
        while (2 * split < size) split *= 2;
        return index < split
            ? SHA256.HashData([1, .. RootBy(index, split, hash, proof[..^1]), .. proof[^1]])
            : SHA256.HashData([1, .. proof[^1], .. RootBy(index - split, size - split, hash, proof[..^1])]);
    }

    private static IEnumerable<(long Number, int Width)> TilesOf(long size, int level)
    {
        var hashes = size >> (8 * level);
        for (var number = 0L; number * 256 < hashes; number++) yield return (number, (int)Math.Min(256, hashes - (number * 256)));
    }

    private static string PathOf(long number, int width)
    {
        var path = (number % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = number / 1000; rest > 0; rest /= 1000) path = $"x{rest % 1000:000}/{path}";
        return width == 256 ? path : $"{path}.p/{width}";
    }

    // RFC 8785, for entries of plain ASCII without controls.
    private static byte[] PayloadOf(JsonElement entry)
    {
        string[] names = ["attributes", "hash", "id", "occurred_at", "query", "status", "timestamp", "user_id"];
        var members = names.Where(name => entry.TryGetProperty(name, out _)).Select(name => $"\"{name}\":{Canonical(entry.GetProperty(name))}");
        return Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}");
    }

    private static string Canonical(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? "{" + string.Join(',', value.EnumerateObject().OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => $"{Quote(pair.Name)}:{Quote(pair.Value.GetString()!)}")) + "}"
        : Quote(value.GetString()!);

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
