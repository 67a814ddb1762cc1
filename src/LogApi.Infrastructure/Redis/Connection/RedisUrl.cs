using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>
/// Reads <c>REDIS_URL</c>: the <c>redis</c> and <c>rediss</c> URI schemes (registered with IANA; generic syntax of RFC 3986),
/// or a StackExchange.Redis configuration string. What it says about a bad value never has a part of that value in it, for
/// any part of it may be a password.
/// </summary>
internal static class RedisUrl
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Accepted =
        "redis://[user:password@]host[:port][/database], rediss://..., or a StackExchange.Redis configuration string";

    private const int DefaultPort = 6379;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the value.</summary>
    /// <exception cref="FormatException">It is none; the message says what is accepted.</exception>
    public static ConfigurationOptions Parse(string text) =>
        TryParse(text, out var configuration, out var problem)
            ? configuration
            : throw new FormatException($"REDIS_URL {problem}; it accepts {Accepted}.");

    /// <summary>Reads the value, or says what is wrong with it as the rest of a sentence.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ConfigurationOptions? configuration, [NotNullWhen(false)] out string? problem)
    {
        var trimmed = text.Trim();
        configuration = new ConfigurationOptions();
        problem = trimmed.IndexOf("://", StringComparison.Ordinal) is var end and >= 0
            ? ReadUrl(trimmed[..end], trimmed[(end + 3)..], configuration)
            : ReadConfigurationString(trimmed, out configuration);
        if (problem is not null) configuration = null;
        return problem is null;
    }

    private static string? ReadUrl(string scheme, string rest, ConfigurationOptions configuration)
    {
        if (scheme.Equals("rediss", StringComparison.OrdinalIgnoreCase)) configuration.Ssl = true;
        else if (!scheme.Equals("redis", StringComparison.OrdinalIgnoreCase)) return "has a scheme that is neither redis nor rediss";

        if (rest.AsSpan().ContainsAny('?', '#'))
            return "has a '?' or '#': options are not read from it, and in a password write %3F and %23";
        var (authority, path) = rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0
            ? (rest[..slash], rest[(slash + 1)..])
            : (rest, "");

        // A password may hold an '@' that its writer forgot to encode; a host never does.
        var at = authority.LastIndexOf('@');
        return (at < 0 ? null : ReadCredentials(authority[..at], configuration))
            ?? ReadHost(authority[(at + 1)..], configuration)
            ?? ReadDatabase(path, configuration);
    }

    private static string? ReadCredentials(string text, ConfigurationOptions configuration)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return "has a user without a password: write user:password@, or :password@ for the default user";
        if (!TryDecode(text[..colon], out var user) || !TryDecode(text[(colon + 1)..], out var password))
            return "has a '%' in its user or password that two hexadecimal digits do not follow, or bytes that are not UTF-8";
        configuration.User = user.Length == 0 ? null : user;
        configuration.Password = password.Length == 0 ? null : password;
        return null;
    }

    private static string? ReadHost(string text, ConfigurationOptions configuration)
    {
        var isBracketed = text.StartsWith('[');
        var end = isBracketed ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (isBracketed && end == 0) return "has a host with '[' and without ']'";
        var host = end < 0 ? text : text[..end];
        var portText = end < 0 ? "" : text[end..];

        var port = DefaultPort;
        if (portText.Length > 0 && !(portText[0] == ':' && TryReadNumber(portText[1..], out port) && port is >= 1 and <= 65_535))
            return "has a port that is not 1 to 65535";

        if (isBracketed)
        {
            if (!IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address)) return "has no IPv6 address between '[' and ']'";
            configuration.EndPoints.Add(new IPEndPoint(address, port));
            return null;
        }

        if (!IsHostName(host)) return "has no valid host name";
        configuration.EndPoints.Add(host, port);
        return null;
    }

    private static string? ReadDatabase(string path, ConfigurationOptions configuration)
    {
        if (path.Length == 0) return null;
        if (!TryReadNumber(path, out var database)) return "has a database that is not a number from 0";
        configuration.DefaultDatabase = database;
        return null;
    }

    private static string? ReadConfigurationString(string text, out ConfigurationOptions configuration)
    {
        configuration = new ConfigurationOptions();
        if (text.Length == 0) return "is empty";
        try
        {
            configuration = ConfigurationOptions.Parse(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            // Its message quotes what it could not read, which is a part of the password when that has a comma.
            return "is not a StackExchange.Redis configuration string (see its options ssl, user, password, defaultDatabase)";
        }

        if (configuration.EndPoints.Count == 0) return "names no host";
        return configuration.EndPoints.All(endPoint => endPoint is not DnsEndPoint dns || IsHostName(dns.Host))
            ? null
            : "has no valid host name";
    }

    private static bool IsHostName(string host) => Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryDecode(string text, out string decoded)
    {
        decoded = "";
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
                continue;
            }

            if (i + 2 >= text.Length
                || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            bytes.Add(value);
            i += 2;
        }

        try
        {
            decoded = StrictUtf8.GetString([.. bytes]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
