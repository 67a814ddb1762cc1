using System.Buffers.Text;

namespace LogApi.Benchmarks.Fanout;

/// <summary>Reads from a message only what the benchmark needs, without parsing the JSON: it comes by the 100,000 a second.</summary>
internal static class LiveMessage
{
    /// <summary>What comes before the time of sending, in stopwatch ticks, in the query of every entry written here.</summary>
    public static ReadOnlySpan<byte> SentAtMarker => " at="u8;

    /// <summary>What comes before an entry's number.</summary>
    public static ReadOnlySpan<byte> SequenceMarker => "\"seq\":"u8;

    /// <summary>Gives the number of an entry; false for any other message.</summary>
    public static bool TryReadEntry(ReadOnlySpan<byte> message, out long sequence)
    {
        sequence = 0;
        return message.IndexOf("\"type\":\"log\""u8) >= 0 && TryReadNumber(message, SequenceMarker, out sequence);
    }

    /// <summary>Reads the number that follows a marker.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> message, ReadOnlySpan<byte> marker, out long number)
    {
        number = 0;
        var at = message.IndexOf(marker);
        return at >= 0 && Utf8Parser.TryParse(message[(at + marker.Length)..], out number, out _);
    }
}
