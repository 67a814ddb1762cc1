using System.Globalization;
using System.Net.WebSockets;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>How a connection ends.</summary>
/// <param name="Code">The close code that is sent; none answers a close without one.</param>
/// <param name="Words">Why, in words.</param>
/// <param name="RetryMilliseconds">When the client may come again; null when it is not asked to.</param>
internal sealed record Ending(int? Code, string Words, int? RetryMilliseconds = null)
{
    // IANA WebSocket close code registry: "Try Again Later".
    private const int TryAgainLater = 1013;

    /// <summary>There is no one left to send a close to.</summary>
    public static readonly Ending Lost = new(null, "connection lost");

    /// <summary>There was no answer to a ping in time: if there is someone, a close would not reach them either.</summary>
    public static readonly Ending Silent = new(null, "a ping was not answered");

    /// <summary>Whether there is no one to send a close to.</summary>
    public bool HasNobody => this == Lost || this == Silent;

    /// <summary>Whether the client takes nothing, so that a close frame has to wait behind what it did not take.</summary>
    public bool IsStalled => Code == TryAgainLater;

    /// <summary>
    /// Whether a fault says that the client is gone; also one that broke the protocol, for the framework has cut it by then.
    /// </summary>
    public static bool IsLoss(Exception fault) =>
        fault is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    /// <summary>The process stops.</summary>
    public static Ending GoingAway(int retryMilliseconds) =>
        new((int)WebSocketCloseStatus.EndpointUnavailable, "the server is stopping", retryMilliseconds);

    /// <summary>A fault of this service.</summary>
    public static Ending Fault(int retryMilliseconds) =>
        new((int)WebSocketCloseStatus.InternalServerError, "the server failed", retryMilliseconds);

    /// <summary>The client closed; its code is sent back (RFC 6455, section 5.5.1).</summary>
    public static Ending ByClient(WebSocketCloseStatus? code) => new((int?)code, "");

    /// <summary>The client sent more than it may.</summary>
    public static Ending TooBig(int limit) => new(
        (int)WebSocketCloseStatus.MessageTooBig,
        string.Create(CultureInfo.InvariantCulture, $"a message may have at most {limit} bytes, LIVE_INBOUND_BYTES"));

    /// <summary>The client did not take a write in time, or could not keep up.</summary>
    public static Ending TooSlow(int retryMilliseconds) => new(TryAgainLater, "what was sent was not read in time", retryMilliseconds);

    /// <summary>
    /// The close reason: the words, and for a client that may come again where from and when:
    /// <c>...; after=&lt;epoch&gt;-&lt;seq&gt;; retry_ms=&lt;n&gt;</c>. At most 123 bytes.
    /// </summary>
    /// <param name="cursor">Where the client is; null when it has to begin anew.</param>
    public string ReasonAt(LiveCursor? cursor)
    {
        if (RetryMilliseconds is not { } retry) return Words;
        var after = cursor is null ? "" : $"; after={cursor}";
        return string.Create(CultureInfo.InvariantCulture, $"{Words}{after}; retry_ms={retry}");
    }
}
