using System.Buffers.Binary;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>When the entries of neighbouring sealed bundles were accepted: a row of 16 bytes for each bundle.</summary>
internal sealed class TimeChunk
{
    /// <summary>How many bundles a chunk has.</summary>
    public const int Bundles = 1024;

    /// <summary>The length of a row: the earliest and the latest time, unsigned, in microseconds since 1970.</summary>
    public const int RowLength = 16;

    private readonly ReadOnlyMemory<byte> _rows;

    public TimeChunk(ReadOnlyMemory<byte> rows)
    {
        _rows = rows;
        var (earliest, latest) = (ulong.MaxValue, 0UL);
        var known = 0;
        for (var i = 0; i < Bundles; i++)
        {
            if (RowOf(i) is not { } row) continue;
            known++;
            (earliest, latest) = (Math.Min(earliest, row.Earliest), Math.Max(latest, row.Latest));
        }

        IsComplete = known == Bundles;

        (Earliest, Latest) = (earliest, latest);
    }

    /// <summary>No later than any time in a row of the chunk.</summary>
    public ulong Earliest { get; }

    /// <summary>No earlier than any time in a row of the chunk.</summary>
    public ulong Latest { get; }

    /// <summary>Whether each bundle has a row.</summary>
    public bool IsComplete { get; }

    /// <summary>Encodes a row; of a bundle without any known time, one that has them all.</summary>
    public static byte[] Encode(SealedBundle bundle)
    {
        var (earliest, latest) = (ulong.MaxValue, 0UL);
        for (var place = 0; place < bundle.Count; place++)
        {
            if (!bundle.TryGetMicros(place, out var micros) || micros < 0) continue;
            (earliest, latest) = (Math.Min(earliest, (ulong)micros), Math.Max(latest, (ulong)micros));
        }

        if (earliest > latest) (earliest, latest) = (0, ulong.MaxValue);
        var row = new byte[RowLength];
        BinaryPrimitives.WriteUInt64BigEndian(row, earliest);
        BinaryPrimitives.WriteUInt64BigEndian(row.AsSpan(RowLength / 2), latest);
        return row;
    }

    /// <summary>Gives the earliest and the latest time of a bundle, by its place in the chunk; nothing when it has no row.</summary>
    public (ulong Earliest, ulong Latest)? RowOf(int place)
    {
        if ((place + 1) * RowLength > _rows.Length) return null;
        var row = _rows.Span.Slice(place * RowLength, RowLength);
        var latest = BinaryPrimitives.ReadUInt64BigEndian(row[(RowLength / 2)..]);

        // Rows that were never written are zero when a later one was.
        return latest == 0 ? null : (BinaryPrimitives.ReadUInt64BigEndian(row), latest);
    }
}
