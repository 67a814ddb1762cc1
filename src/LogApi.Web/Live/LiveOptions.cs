using LogApi.Application.Common.Settings;

namespace LogApi.Web.Live;

/// <summary>The bounds of the live endpoints: what a process keeps, and how much effort one client gets.</summary>
public sealed class LiveOptions
{
    /// <summary>How many of the newest entries a process keeps framed for its clients; 16,384 unless told.</summary>
    [Setting("LIVE_RING_ENTRIES", Min = 16, Max = 4_194_304, Unit = "entries")]
    public int RingEntries { get; init; } = 16_384;

    /// <summary>How many bytes of framed entries a process keeps at the most; 32 MiB unless told.</summary>
    [Setting("LIVE_RING_BYTES", Min = 1_048_576, Max = 4_294_967_296, Unit = "bytes")]
    public long RingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long entries are gathered under load before clients are woken, in milliseconds; 5 unless told.</summary>
    [Setting("LIVE_TICK_MS", Min = 1, Max = 1_000, Unit = "milliseconds")]
    public int TickMilliseconds { get; init; } = 5;

    /// <summary>
    /// How many bytes go to a client in one write, unless a single entry is larger; 128 KiB unless told. A client that takes
    /// longer than a second for one gets 16 KiB at a time until it has everything.
    /// </summary>
    [Setting("LIVE_WRITE_BYTES", Min = 4_096, Max = 16_777_216, Unit = "bytes")]
    public int WriteBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// How many bytes the system may hold for a client that has not taken them, in bytes; 128 KiB unless told. Left to itself it takes
    /// several MiB, and then says that there is room only when much of that is taken: a slow but steady reader would pass for one
    /// that stalls.
    /// </summary>
    [Setting("LIVE_SOCKET_BYTES", Min = 16_384, Max = 16_777_216, Unit = "bytes")]
    public int SocketBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// How many entries are read back from the store for a client that fell behind, before it is told what it lost; 20,000
    /// unless told. Counted since the client last had everything.
    /// </summary>
    [Setting("LIVE_BACKFILL_ENTRIES", Min = 0, Max = 10_000_000, Unit = "entries")]
    public int BackfillEntries { get; init; } = 20_000;

    /// <summary>How many reads from the store run at once for all live clients of a process; 8 unless told.</summary>
    [Setting("LIVE_STORE_READS", Min = 1, Max = 1_024, Unit = "reads")]
    public int StoreReads { get; init; } = 8;

    /// <summary>How long a client may take to make room for one write before it is closed, in seconds; 15 unless told.</summary>
    [Setting("LIVE_STALL_SECONDS", Min = 1, Max = 600, Unit = "seconds")]
    public int StallSeconds { get; init; } = 15;

    /// <summary>
    /// How long a client that was told that it lost entries may go on being too slow before it is closed, in seconds; 15 unless told.
    /// </summary>
    [Setting("LIVE_LAG_SECONDS", Min = 1, Max = 3_600, Unit = "seconds")]
    public int LagSeconds { get; init; } = 15;

    /// <summary>How many clients are closed at once when the process stops, unless there are very many; 200 unless told.</summary>
    [Setting("LIVE_DRAIN_BATCH", Min = 1, Max = 1_000_000, Unit = "connections")]
    public int DrainBatch { get; init; } = 200;

    /// <summary>Over how much time clients that are closed are asked at the most to come again, in milliseconds; 10,000 unless told.</summary>
    [Setting("LIVE_RETRY_MS", Min = 500, Max = 600_000, Unit = "milliseconds")]
    public int RetryMilliseconds { get; init; } = 10_000;

    /// <summary>
    /// How long a client has to answer a close before the connection is cut, in seconds; 2 unless told. The stop of the process
    /// waits for it too, so it is well below the time that a stop may take.
    /// </summary>
    [Setting("LIVE_CLOSE_SECONDS", Min = 1, Max = 3, Unit = "seconds")]
    public int CloseSeconds { get; init; } = 2;

    /// <summary>The time between heartbeat messages, in seconds; 30 unless told.</summary>
    [Setting("LIVE_HEARTBEAT_SECONDS", Min = 1, Max = 3_600, Unit = "seconds")]
    public int HeartbeatSeconds { get; init; } = 30;

    /// <summary>How often a process tells the others how many clients it has, in seconds; 5 unless told.</summary>
    [Setting("LIVE_COUNT_SECONDS", Min = 1, Max = 10, Unit = "seconds")]
    public int CountSeconds { get; init; } = 5;

    /// <summary>The time between WebSocket pings to an idle client, in seconds; 20 unless told.</summary>
    [Setting("LIVE_PING_SECONDS", Min = 1, Max = 3_600, Unit = "seconds")]
    public int PingSeconds { get; init; } = 20;

    /// <summary>How long a client may take to answer a ping, in seconds; 30 unless told.</summary>
    [Setting("LIVE_PING_TIMEOUT_SECONDS", Min = 1, Max = 3_600, Unit = "seconds")]
    public int PingTimeoutSeconds { get; init; } = 30;

    /// <summary>How large a message of a client may be, in bytes; 4,096 unless told. What it says is ignored.</summary>
    [Setting("LIVE_INBOUND_BYTES", Min = 0, Max = 1_048_576, Unit = "bytes")]
    public int InboundBytes { get; init; } = 4_096;

    /// <summary>How many live clients a process takes; 20,000 unless told.</summary>
    [Setting("LIVE_MAX_CONNECTIONS", Min = 1, Max = 1_000_000, Unit = "connections")]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary><see cref="TickMilliseconds"/> as a span.</summary>
    public TimeSpan Tick => TimeSpan.FromMilliseconds(TickMilliseconds);

    /// <summary><see cref="StallSeconds"/> as a span.</summary>
    public TimeSpan Stall => TimeSpan.FromSeconds(StallSeconds);

    /// <summary><see cref="LagSeconds"/> as a span.</summary>
    public TimeSpan Lag => TimeSpan.FromSeconds(LagSeconds);

    /// <summary><see cref="CloseSeconds"/> as a span.</summary>
    public TimeSpan Close => TimeSpan.FromSeconds(CloseSeconds);

    /// <summary><see cref="HeartbeatSeconds"/> as a span.</summary>
    public TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);

    /// <summary><see cref="PingSeconds"/> as a span.</summary>
    public TimeSpan Ping => TimeSpan.FromSeconds(PingSeconds);

    /// <summary><see cref="PingTimeoutSeconds"/> as a span.</summary>
    public TimeSpan PingTimeout => TimeSpan.FromSeconds(PingTimeoutSeconds);

    /// <summary><see cref="CountSeconds"/> as a span.</summary>
    public TimeSpan Count => TimeSpan.FromSeconds(CountSeconds);
}
