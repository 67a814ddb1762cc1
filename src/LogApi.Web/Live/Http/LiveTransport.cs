using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace LogApi.Web.Live.Http;

/// <summary>Prepares a connection for a client that stays.</summary>
internal static class LiveTransport
{
    /// <summary>Takes the server's rule for slow clients off, for there is one of our own, and bounds what the system holds for it.</summary>
    public static void Prepare(HttpContext context, LiveOptions options)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (context.Features.Get<IConnectionSocketFeature>() is { } connection) connection.Socket.SendBufferSize = options.SocketBytes;
    }
}
