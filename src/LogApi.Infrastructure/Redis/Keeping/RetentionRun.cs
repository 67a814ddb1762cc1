using System.Globalization;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>What is to be dropped.</summary>
/// <param name="Epoch">The log.</param>
/// <param name="From">The first number.</param>
/// <param name="End">The number after the last one; both are multiples of 256.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct RetentionRun(string Epoch, long From, long End, string Reason)
{
    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static RetentionRun? Parse(RedisValue text)
    {
        var parts = text.ToString().Split(' ', 4);
        return parts.Length == 4
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && from % RedisKeys.BundleSize == 0 && end % RedisKeys.BundleSize == 0 && from < end
            ? new RetentionRun(parts[0], from, end, parts[3])
            : null;
    }

    /// <summary>One line for the head.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch} {From} {End} {Reason}");
}
