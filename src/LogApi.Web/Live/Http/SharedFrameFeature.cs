using LogApi.Web.Live.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace LogApi.Web.Live.Http;

/// <summary>
/// Stands between the server and the framework's WebSockets, to put a <see cref="SharedFrameStream"/> below the socket that is
/// accepted: over HTTP/1.1 an upgrade, over HTTP/2 an extended CONNECT (RFC 8441).
/// </summary>
internal sealed class SharedFrameFeature(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    /// <summary>The stream, once the socket was accepted.</summary>
    public SharedFrameStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Puts itself before the server's own features.</summary>
    public static void Install(HttpContext context)
    {
        var features = context.Features;
        var upgrade = features.Get<IHttpUpgradeFeature>();
        var connect = features.Get<IHttpExtendedConnectFeature>();
        var shared = new SharedFrameFeature(upgrade, connect);
        features.Set(shared);
        if (upgrade is not null) features.Set<IHttpUpgradeFeature>(shared);
        if (connect is not null) features.Set<IHttpExtendedConnectFeature>(shared);
    }

    public async Task<Stream> UpgradeAsync() => Share(await upgrade!.UpgradeAsync());

    public async ValueTask<Stream> AcceptAsync() => Share(await connect!.AcceptAsync());

    private SharedFrameStream Share(Stream stream) => Stream = new SharedFrameStream(stream);
}
