using System.Text;
using System.Text.Json;
using LogApi.Infrastructure.Redis.Sealed;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>What the indexes and the counts have of a sealed bundle.</summary>
internal sealed class BundleContent
{
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _statuses = new(StringComparer.Ordinal);
    private readonly List<byte[]> _ids = [];
    private readonly List<(byte[] Id, long Sequence)> _otherIds = [];

    public BundleContent(long bundle, SealedBundle sealedBundle)
    {
        Bundle = bundle;
        TimeRow = TimeChunk.Encode(sealedBundle);
        Span<byte> id = stackalloc byte[UuidBytes.Length];
        for (var place = 0; place < sealedBundle.Count; place++)
        {
            Bytes += sealedBundle.RecordAt(place).Length;
            if (sealedBundle.TryGetFields(place, out var fields))
            {
                Count(_users, fields.User);
                Count(_statuses, fields.Status);
            }

            if (!sealedBundle.TryGetId(place, id)) continue;
            _ids.Add(id.ToArray());
            if (!sealedBundle.IsLocatable(place)) _otherIds.Add((_ids[^1], (bundle * RedisKeys.BundleSize) + place));
        }
    }

    public long Bundle { get; }

    /// <summary>The row of <c>times:C</c>.</summary>
    public byte[] TimeRow { get; }

    /// <summary>How many bytes the records have.</summary>
    public long Bytes { get; }

    /// <summary>How many entries each user has in it.</summary>
    public IReadOnlyDictionary<string, int> Users => _users;

    /// <summary>How often each status is there.</summary>
    public IReadOnlyDictionary<string, int> Statuses => _statuses;

    /// <summary>All ids, 16 bytes each.</summary>
    public IReadOnlyList<byte[]> Ids => _ids;

    /// <summary>The ids that don't tell their entry's time, and so need a row.</summary>
    public IReadOnlyList<(byte[] Id, long Sequence)> OtherIds => _otherIds;

    private static void Count(Dictionary<string, int> counts, ReadOnlySpan<byte> text)
    {
        if (Unescape(text) is { } key) counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>Gives a text as it was before it was escaped in a record; null when it is none.</summary>
    public static string? Unescape(ReadOnlySpan<byte> text)
    {
        try
        {
            if (!text.Contains((byte)'\\')) return Encoding.UTF8.GetString(text);
            var json = new Utf8JsonReader([(byte)'"', .. text, (byte)'"']);
            json.Read();
            return json.GetString();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Somebody changed it: it is nobody's.
            return null;
        }
    }
}
