using System.Buffers;
using System.IO.Compression;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// The form of a sealed bundle. Ids, hashes and what stands beside them look random, so they are kept as they are, in columns of
/// fixed width; the texts are grouped by member, which makes neighbours alike, and deflated (RFC 1951) as one block. Text that
/// every record has is not kept at all.
/// </summary>
/// <remarks>
/// Numbers are unsigned, 7 bits a byte, the lowest first. A templated record is one that <see cref="RecordFields"/> takes apart, whose
/// hash is in lower case and whose id is the one it is stored under; any other record is kept whole. In order:
/// <list type="number">
/// <item>the version, 1; the count of entries; the width of what stands beside the ids;</item>
/// <item>0 when every entry is plain, or 1 and a byte of <see cref="EntryForm"/> for each entry;</item>
/// <item>the length of the timestamps, and for each templated record the difference to the one before, in microseconds, the sign
/// in the lowest bit;</item>
/// <item>the ids: 16 bytes each, or the last 10 when the first 6 follow from the timestamp; the hashes of templated records, 32
/// bytes each; what stands beside the ids;</item>
/// <item>the length of the texts, and the texts, deflated: of the templated records all user ids, all statuses, all queries, all
/// contexts, each with a line feed after it; then the other records, then what stands beside ids and has another width, each
/// with its length before it.</item>
/// </list>
/// </remarks>
internal static class BundleFormat
{
    public const byte FormatVersion = 1;

    /// <summary>How many text columns a templated record has.</summary>
    public const int Columns = 4;

    /// <summary>The most that the texts may be inflated to: 256 of the longest records are below half of it.</summary>
    public const int MaxTextLength = 512 * 1024 * 1024;

    public const byte EndOfLine = (byte)'\n';

    /// <summary>How an entry differs from a plain one, which is templated and has a locatable id and the usual width beside it.</summary>
    [Flags]
    public enum EntryForm : byte
    {
        Plain = 0,

        /// <summary>The record is not templated.</summary>
        Whole = 1,

        /// <summary>All 16 bytes of the id are there.</summary>
        FullId = 2,

        /// <summary>There is no id.</summary>
        NoId = 4,

        /// <summary>What stands beside the id has another width.</summary>
        OtherSide = 8,
    }

    public static void WriteNumber(IBufferWriter<byte> target, ulong number)
    {
        var span = target.GetSpan(10);
        var length = 0;
        for (; number > 0x7F; number >>= 7) span[length++] = (byte)(number | 0x80);
        span[length++] = (byte)number;
        target.Advance(length);
    }

    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ulong ReadNumber(ref ReadOnlySpan<byte> source)
    {
        var number = 0UL;
        for (var i = 0; i < source.Length && i < 10; i++)
        {
            number |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] > 0x7F) continue;
            source = source[(i + 1)..];
            return number;
        }

        throw new InvalidDataException("A number is cut off.");
    }

    /// <exception cref="InvalidDataException">There is none, or it is larger than <paramref name="max"/>.</exception>
    public static int ReadLength(ref ReadOnlySpan<byte> source, int max)
    {
        var number = ReadNumber(ref source);
        return number <= (ulong)max ? (int)number : throw new InvalidDataException("A length is out of bounds.");
    }

    /// <exception cref="InvalidDataException">There is less.</exception>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> source, int length)
    {
        if (length > source.Length) throw new InvalidDataException("A part is cut off.");
        var part = source[..length];
        source = source[length..];
        return part;
    }

    public static ulong FoldSign(long number) => (ulong)((number << 1) ^ (number >> 63));

    public static long UnfoldSign(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    public static void Deflate(ReadOnlySpan<byte> text, Stream target)
    {
        using var deflate = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(text);
    }

    /// <exception cref="InvalidDataException">It does not have this length.</exception>
    public static byte[] Inflate(ReadOnlyMemory<byte> deflated, int length)
    {
        // Not before there is something to fill it: the length may be anything.
        if (length > deflated.Length * 1032L) throw new InvalidDataException("The texts are shorter than they should be.");
        var text = GC.AllocateUninitializedArray<byte>(length);
        using var source = new MemoryStream(deflated.ToArray(), writable: false);
        using var inflate = new DeflateStream(source, CompressionMode.Decompress);
        if (inflate.ReadAtLeast(text, length, throwOnEndOfStream: false) != length || inflate.ReadByte() >= 0)
            throw new InvalidDataException("The texts are of another length.");
        return text;
    }
}
