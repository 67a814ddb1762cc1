using System.Globalization;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Feed;

/// <summary>What <c>end-redaction.lua</c> publishes: the log, how many redactions there are now, and which entry it was.</summary>
internal readonly record struct RedactionMessage(string Epoch, long Count, long Sequence)
{
    public static RedactionMessage? Parse(RedisValue message)
    {
        var parts = ((string?)message ?? "").Split(' ');
        return parts.Length == 3
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new RedactionMessage(parts[0], count, sequence)
            : null;
    }
}
