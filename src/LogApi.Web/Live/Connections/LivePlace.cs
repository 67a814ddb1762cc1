namespace LogApi.Web.Live.Connections;

/// <summary>A client's place among those of the process, until it is given back.</summary>
/// <param name="join">How the client joins the stream.</param>
/// <param name="connections">Where it counts.</param>
internal sealed class LivePlace(LiveJoin join, LiveConnections connections) : IDisposable
{
    /// <summary>How the client joins the stream.</summary>
    public LiveJoin Join => join;

    /// <summary>Gives the place back. Once only.</summary>
    public void Dispose() => connections.Leave();
}
