using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>What the HTTP side takes.</summary>
internal sealed class HttpOptions : ICheckedSettings
{
    /// <summary>
    /// The largest request body, in bytes; 512 KiB unless told. A query of 64 KiB is up to six times as long when every
    /// character is escaped.
    /// </summary>
    [Setting("MAX_BODY_BYTES", Min = 1_024, Max = 16_777_216, Unit = "bytes")]
    public int MaxBodyBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// Which pages may call the service from a browser: origins such as <c>https://app.example.com</c>, with commas between
    /// them, or <c>*</c> for all. All is the default and safe: what counts is the token, which no browser sends by itself.
    /// </summary>
    [Setting("CORS_ORIGINS", Accepts = "* or origins such as https://app.example.com, with commas between them")]
    public string CorsOrigins { get; init; } = "*";

    public IEnumerable<(string Name, string Problem)> Check()
    {
        if (Hosting.AllowedOrigins.FindWrong(CorsOrigins) is { } wrong)
            yield return ("CORS_ORIGINS", $"holds \"{wrong}\", which is not an origin");
    }
}
