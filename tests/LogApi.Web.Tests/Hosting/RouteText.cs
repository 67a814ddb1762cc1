using Microsoft.AspNetCore.Routing;

namespace LogApi.Web.Tests.Hosting;

/// <summary>Where an endpoint is, without what only tells routes apart.</summary>
internal static class RouteText
{
    public static string Of(RouteEndpoint endpoint)
    {
        var text = endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal);
        var constraint = text.IndexOf(':', StringComparison.Ordinal);
        return constraint < 0 ? text : text.Remove(constraint, text.LastIndexOf('}') - constraint);
    }
}
