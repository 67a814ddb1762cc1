using System.Buffers.Text;

namespace LogApi.Benchmarks.Fanout;

/// <summary>Reads from a message only what the benchmark needs, without parsing the JSON: it comes by the 100,000 a second.</summary>
internal static class LiveMessage
{
    /// <summary>What comes before the time of sending, in stopwatch ticks, in the query of every entry written here.</summary>
    public static ReadOnlySpan<byte> SentAtMarker => " at="u8;

    /// <summary>What comes before an entry's number.</summary>
    public static ReadOnlySpan<byte> SequenceMarker => "\"seq\":"u8;

    private static ReadOnlySpan<byte> EntryMarker => "{\"type\":\"log\","u8;

    /// <summary>Takes the first entry off a message, which has one or, as a batch, several; false when there is no more.</summary>
    public static bool TryCutEntry(ref ReadOnlySpan<byte> message, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        var start = message.IndexOf(EntryMarker);
        if (start < 0) return false;
        var next = message[(start + EntryMarker.Length)..].IndexOf(EntryMarker);
        var end = next < 0 ? message.Length : start + EntryMarker.Length + next;
        entry = message[start..end];
        message = message[end..];
        return true;
    }

    /// <summary>Reads the number that follows a marker.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> message, ReadOnlySpan<byte> marker, out long number)
    {
        number = 0;
        var at = message.IndexOf(marker);
        return at >= 0 && Utf8Parser.TryParse(message[(at + marker.Length)..], out number, out _);
    }
}
