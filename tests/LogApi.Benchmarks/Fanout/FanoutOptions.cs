namespace LogApi.Benchmarks.Fanout;

/// <summary>What the clients of one run do.</summary>
internal sealed record FanoutOptions
{
    private FanoutOptions()
    {
    }

    public required int Port { get; init; }

    /// <summary>The live stream.</summary>
    public required LiveKind Kind { get; init; }

    /// <summary>Where a plain broker takes messages; empty for the service, which takes entries at its own address.</summary>
    public string BrokerPath => Kind == LiveKind.Nchan ? NchanServer.BrokerPath : "";

    public required string Token { get; init; }

    public required int Clients { get; init; }

    public required int Writers { get; init; }

    /// <summary>How many entries go to the service in one request; a broker takes one.</summary>
    public required int Batch { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>
    /// How many entries the slowest client may be behind before the writers wait for it; 0: they never wait. Without it the
    /// test shows how long a queue gets, not how many entries a second arrive.
    /// </summary>
    public required int Window { get; init; }

    /// <summary>The most entries written a second; 0: as many as go.</summary>
    public required int Rate { get; init; }

    /// <summary>The service's process first, then its store's.</summary>
    public required IReadOnlyList<int> ProcessIds { get; init; }

    public static readonly string[] Names =
        ["port", "kind", "token", "clients", "writers", "batch", "warmup", "seconds", "window", "rate", "processes"];

    public static FanoutOptions From(CommandLine arguments) => new()
    {
        Port = arguments.Number("port", 0),
        Kind = LiveKind.Parse(arguments.Text("kind", "stream"))[0],
        Token = arguments.Text("token", ""),
        Clients = arguments.Number("clients", 100),
        Writers = arguments.Number("writers", 8),
        Batch = arguments.Number("batch", 1),
        WarmUp = TimeSpan.FromSeconds(arguments.Number("warmup", 18)),
        Duration = TimeSpan.FromSeconds(arguments.Number("seconds", 5)),
        Window = arguments.Number("window", 512),
        Rate = arguments.Number("rate", 0),
        ProcessIds = [.. arguments.Text("processes", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)],
    };
}
