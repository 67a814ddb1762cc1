using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>Names a store by where it is, for the name of a log that was given none.</summary>
internal static class StoreName
{
    // Leaves room in front for the rest of a log's name, which has at most 128 characters.
    private const int MaxLength = 96;

    public static string Of(ConfigurationOptions configuration, string keyPrefix)
    {
        // The same servers may be listed in any order.
        var servers = configuration.EndPoints.Select(Describe).Order(StringComparer.Ordinal);
        var name = new StringBuilder(string.Join(',', servers));
        if (configuration.ServiceName is { Length: > 0 } service) name.Append('/').Append(service);
        if (configuration.DefaultDatabase is > 0 and var database) name.Append(CultureInfo.InvariantCulture, $"/{database}");
        var text = name.Append('/').Append(keyPrefix).ToString();
        return text.Length <= MaxLength && text.All(IsPlain)
            ? text
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static string Describe(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host.ToLowerInvariant()}:{(dns.Port == 0 ? 6379 : dns.Port)}"),
        _ => endPoint.ToString() ?? "",
    };

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || "_.:-,/[]".Contains(character, StringComparison.Ordinal);
}
