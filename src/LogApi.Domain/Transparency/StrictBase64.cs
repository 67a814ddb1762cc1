using System.Diagnostics.CodeAnalysis;

namespace LogApi.Domain.Transparency;

/// <summary>
/// Standard base64 (RFC 4648 §4) in its one canonical form. The framework's decoder takes white space anywhere and ignores the
/// last bits, so that one value would have many texts.
/// </summary>
public static class StrictBase64
{
    /// <summary>Decodes a text that is the one encoding of some bytes.</summary>
    public static bool TryDecode([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null) return false;
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, buffer, out var length)) return false;
        if (!Convert.ToBase64String(buffer, 0, length).Equals(text, StringComparison.Ordinal)) return false;
        bytes = buffer[..length];
        return true;
    }
}
