namespace LogApi.Web.Live.Connections;

/// <summary>When clients that are closed may come again: spread out, the more the more they are, so that they do not come all at once.</summary>
internal sealed class RetryHint(LiveOptions options, LiveConnections connections)
{
    private const int Soonest = 100;
    private const int LeastSpread = 400;

    // What another process can take in easily.
    private const int MillisecondsPerClient = 2;

    /// <summary>Gives one client's, in milliseconds from now.</summary>
    public int Next()
    {
        var spread = Math.Clamp((long)connections.Count * MillisecondsPerClient, LeastSpread, options.RetryMilliseconds);
        return Soonest + Random.Shared.Next((int)spread);
    }
}
