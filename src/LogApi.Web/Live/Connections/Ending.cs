using System.Globalization;
using System.Net.WebSockets;

namespace LogApi.Web.Live.Connections;

/// <summary>How a connection ends.</summary>
/// <param name="Code">The close code that is sent; none answers a close without one.</param>
/// <param name="Reason">The close reason that is sent.</param>
internal sealed record Ending(int? Code, string Reason)
{
    // IANA WebSocket close code registry: "Try Again Later".
    private const int TryAgainLater = 1013;

    /// <summary>There is no one left to send a close to.</summary>
    public static readonly Ending Lost = new(null, "connection lost");

    /// <summary>The process stops.</summary>
    public static readonly Ending GoingAway = new((int)WebSocketCloseStatus.EndpointUnavailable, "the server is stopping; connect again");

    /// <summary>A fault of this service.</summary>
    public static readonly Ending Fault = new((int)WebSocketCloseStatus.InternalServerError, "the server failed; connect again");

    /// <summary>Whether the client takes nothing, so that a close frame has to wait behind what it did not take.</summary>
    public bool IsStalled => Code == TryAgainLater;

    /// <summary>The client closed; its code is sent back (RFC 6455, section 5.5.1).</summary>
    public static Ending ByClient(WebSocketCloseStatus? code) => new((int?)code, "");

    /// <summary>The client sent more than it may.</summary>
    public static Ending TooBig(int limit) => new(
        (int)WebSocketCloseStatus.MessageTooBig,
        string.Create(CultureInfo.InvariantCulture, $"a message may have at most {limit} bytes, LIVE_INBOUND_BYTES"));

    /// <summary>The client did not take a write in time.</summary>
    public static Ending Stalled(long next) => new(
        TryAgainLater,
        string.Create(CultureInfo.InvariantCulture, $"what was sent was not read in time; first entry not delivered: {next}"));
}
