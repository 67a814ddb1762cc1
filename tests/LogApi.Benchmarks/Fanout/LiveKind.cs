namespace LogApi.Benchmarks.Fanout;

/// <summary>A kind of live stream.</summary>
/// <param name="Name">How it is named on the command line.</param>
/// <param name="Path">Its address.</param>
/// <param name="IsEvents">Whether it is an event stream, not a WebSocket.</param>
internal sealed record LiveKind(string Name, string Path, bool IsEvents)
{
    public static readonly LiveKind Nchan = new("nchan", NchanServer.StreamPath, IsEvents: false);

    private static readonly LiveKind[] All =
    [
        Nchan, new("stream", "/ws/stream", IsEvents: false), new("batch", "/ws/stream?batch=1", IsEvents: false),
        new("events", "/api/v1/logs/stream", IsEvents: true),
    ];

    /// <summary>Gives kinds by their names, with commas between them.</summary>
    /// <exception cref="UsageException">There is none of a name.</exception>
    public static IReadOnlyList<LiveKind> Parse(string names) =>
        [.. names.Split(',').Select(name => Array.Find(All, kind => kind.Name == name) ?? throw new UsageException($"There is no kind '{name}': stream, batch, events."))];
}
