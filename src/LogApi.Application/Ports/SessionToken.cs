using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace LogApi.Application.Ports;

/// <summary>A bearer token (RFC 6750): 32 random bytes in base64url, 43 characters. It never prints itself.</summary>
public sealed class SessionToken
{
    private const int Bytes = 32;

    private SessionToken(string text, byte[] digest)
    {
        Text = text;
        Digest = Convert.ToHexStringLower(digest);
    }

    /// <summary>The token as its holder sends it. A secret: for the login answer only.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the token's text, in hexadecimal: the name it is stored under.</summary>
    public string Digest { get; }

    /// <summary>Makes a token from the system's cryptographic random source.</summary>
    public static SessionToken New() => Of(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Takes what a client sent; anything that this service could not have made is refused without a look-up.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SessionToken? token)
    {
        token = Base64Url.IsValid(text, out var length) && length == Bytes && text!.Length == 43 ? Of(text) : null;
        return token is not null;
    }

    /// <summary>Gives a mark in place of the secret, so that no log can hold it.</summary>
    public override string ToString() => "(session token)";

    private static SessionToken Of(string text) => new(text, SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)));
}
