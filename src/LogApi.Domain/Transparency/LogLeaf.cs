using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Transparency;

/// <summary>
/// What the tree holds of an entry: <c>logapi/v1</c>, id, timestamp and a commitment to the rest, in four lines. The commitment
/// is SHA-256(salt ‖ payload): without salt and payload, which can be erased, it says nothing about them.
/// </summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Timestamp">When the service accepted it.</param>
/// <param name="Commitment">SHA-256(salt ‖ <see cref="EntryPayload"/>), 32 bytes.</param>
public sealed record LogLeaf(LogId Id, LogTimestamp Timestamp, TreeHash Commitment)
{
    /// <summary>The length of a salt, in bytes.</summary>
    public const int SaltSize = 16;

    private const string Version = "logapi/v1";
    private const int Lines = 4;

    /// <summary>Makes the leaf of an entry.</summary>
    public static LogLeaf Of(LogEntry entry, ReadOnlySpan<byte> salt)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (salt.Length != SaltSize) throw new ArgumentException($"A salt has {SaltSize} bytes.", nameof(salt));
        return new LogLeaf(entry.Id, entry.Timestamp, TreeHash.From(SHA256.HashData([.. salt, .. EntryPayload.Encode(entry)])));
    }

    /// <summary>Reads what <see cref="Encode"/> writes, and nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out LogLeaf? leaf)
    {
        leaf = null;
        if (Encoding.Latin1.GetString(data).Split('\n') is not [Version, var id, var time, var commitment, ""]) return false;
        if (!LogId.TryCreate(id, out var parsedId) || !LogTimestamp.TryParse(time, out var timestamp)) return false;
        if (!TreeHash.TryParse(commitment, out var hash)) return false;
        var decoded = new LogLeaf(parsedId, timestamp, hash);
        if (!data.SequenceEqual(decoded.Encode())) return false;
        leaf = decoded;
        return true;
    }

    /// <summary>Gives the leaf's data, about 120 bytes.</summary>
    public byte[] Encode() => Encoding.ASCII.GetBytes($"{Version}\n{Id}\n{Timestamp}\n{Commitment}\n");

    /// <summary>Gives the hash of a leaf, for who goes through many; nothing of what it is made from is checked.</summary>
    /// <param name="id">The id's 36 characters.</param>
    /// <param name="timestamp">The timestamp's 27 characters.</param>
    /// <param name="committed">The salt and, behind it, the payload.</param>
    public static TreeHash HashOf(ReadOnlySpan<byte> id, ReadOnlySpan<byte> timestamp, ReadOnlySpan<byte> committed)
    {
        const int commitmentLength = 44;
        Span<byte> data = stackalloc byte[Version.Length + id.Length + timestamp.Length + commitmentLength + Lines];
        Span<byte> commitment = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(committed, commitment);
        var rest = data;
        Put(ref rest, "logapi/v1"u8);
        Put(ref rest, id);
        Put(ref rest, timestamp);
        Base64.EncodeToUtf8(commitment, rest, out _, out var written);
        rest[written] = (byte)'\n';
        return TreeHash.OfLeaf(data);
    }

    /// <summary>
    /// Gives the data of the leaf that stands for an entry of which nothing is left, in a log that was started anew over what was
    /// stored before: <c>logapi/v1/lost</c> and the entry's number.
    /// </summary>
    public static byte[] EncodeLost(long sequence) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}/lost\n{sequence}\n"));

    /// <summary>Writes leaves one behind the other, each with its length before it, as an entry bundle has them (C2SP tlog-tiles).</summary>
    public static byte[] Bundle(IEnumerable<ReadOnlyMemory<byte>> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var bundle = new ArrayBufferWriter<byte>();
        foreach (var leaf in leaves)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(2), checked((ushort)leaf.Length));
            bundle.Advance(2);
            bundle.Write(leaf.Span);
        }

        return bundle.WrittenSpan.ToArray();
    }

    private static void Put(ref Span<byte> target, ReadOnlySpan<byte> line)
    {
        line.CopyTo(target);
        target[line.Length] = (byte)'\n';
        target = target[(line.Length + 1)..];
    }
}
