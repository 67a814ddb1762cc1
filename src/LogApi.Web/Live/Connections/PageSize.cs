using LogApi.Application.Ports;

namespace LogApi.Web.Live.Connections;

/// <summary>How many records to read at once so that they come to about so many bytes, by the size of the ones before.</summary>
internal sealed class PageSize(int targetBytes)
{
    private const int Largest = 256;

    /// <summary>How many records to ask for next.</summary>
    public int Count { get; private set; } = 16;

    /// <summary>Learns from a page.</summary>
    public void Learn(IReadOnlyList<StoredRecord> page)
    {
        var bytes = 0L;
        foreach (var entry in page) bytes += entry.Record.Length;
        var average = Math.Max(1, bytes / Math.Max(1, page.Count));
        Count = (int)Math.Clamp(targetBytes / average, 1, Largest);
    }
}
