using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>The secret that entries are hashed with.</summary>
internal sealed class SecretOptions
{
    /// <summary>The HMAC secret; required outside Development. Changing it turns every earlier entry invalid.</summary>
    [Setting("JWT_SECRET_KEY", Accepts = "at least 32 bytes, from a random source such as `openssl rand -base64 32`", Secret = true)]
    public string SecretKey { get; init; } = "";
}
