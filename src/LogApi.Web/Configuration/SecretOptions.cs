using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>The secrets that entries are, and were, hashed with.</summary>
internal sealed class SecretOptions
{
    /// <summary>The HMAC secret; required outside Development.</summary>
    [Setting("JWT_SECRET_KEY", Accepts = "at least 32 bytes, from a random source such as `openssl rand -base64 32`", Secret = true)]
    public string SecretKey { get; init; } = "";

    /// <summary>
    /// Secrets that were <c>JWT_SECRET_KEY</c> before, or will be: what was hashed with them counts as right, and nothing is
    /// hashed with them. An earlier secret that is left out turns its entries invalid.
    /// </summary>
    [Setting("JWT_SECRET_KEY_PREVIOUS", Accepts = "secrets like JWT_SECRET_KEY, with commas between them", Secret = true)]
    public string PreviousKeys { get; init; } = "";
}
