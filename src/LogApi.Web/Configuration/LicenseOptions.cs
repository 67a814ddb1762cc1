using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>Keys of libraries that ask for one in production.</summary>
internal sealed class LicenseOptions
{
    /// <summary>The key for production use of AutoMapper; none unless told.</summary>
    [Setting("AUTOMAPPER_LICENSE_KEY", Accepts = "a key from AutoMapper's maker", Secret = true)]
    public string AutoMapperKey { get; init; } = "";
}
