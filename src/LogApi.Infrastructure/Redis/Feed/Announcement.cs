using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LogApi.Application.Ports;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Feed;

/// <summary>What <c>append.lua</c> publishes: the log's new end and who wrote, as <c>epoch next writer</c>.</summary>
internal sealed record Announcement(LogHead Head, string Writer)
{
    public static bool TryParse(RedisValue message, [NotNullWhen(true)] out Announcement? announcement)
    {
        announcement = null;
        var parts = ((string?)message ?? "").Split(' ');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var next)) return false;
        announcement = new Announcement(new LogHead(parts[0], next), parts[2]);
        return true;
    }
}
