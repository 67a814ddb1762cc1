namespace LogApi.Web.Hosting;

/// <summary>Which pages may use the service from a browser: the setting <c>CORS_ORIGINS</c>.</summary>
internal sealed class AllowedOrigins(string setting)
{
    private readonly HashSet<string> _origins = new(Split(setting), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether every page may.</summary>
    public bool Any => _origins.Contains("*");

    /// <summary>
    /// Whether a request with this <c>Origin</c> header may be served. Requests without one come from programs, not pages.
    /// </summary>
    public bool IsAllowed(string? origin) => string.IsNullOrEmpty(origin) || Any || _origins.Contains(origin);

    /// <summary>Whether the page that a request comes from may be served: one of <see cref="IsAllowed(string?)"/>, or this service's own.</summary>
    public bool IsAllowed(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return IsAllowed(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsOwn(page, request));
    }

    /// <summary>Gives the first part of a setting that is not an origin (RFC 6454 §7): a scheme and an authority, no path.</summary>
    public static string? FindWrong(string setting) => Array.Find(Split(setting), origin => origin != "*" && !IsOrigin(origin));

    // The scheme is not looked at: a proxy in front may speak TLS, and the page has been served under this very name.
    private static bool IsOwn(Uri page, HttpRequest request) =>
        string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string setting) =>
        setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0;
}
