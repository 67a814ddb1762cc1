namespace LogApi.Web.Live.Connections;

/// <summary>
/// Writes messages to one client, which has a bounded time to take them. How much of a write it has taken so far can't be seen, so
/// a client that takes its time gets small writes: otherwise one that reads slowly but steadily would pass for one that stalls.
/// </summary>
internal sealed class ClientWriter(Stream stream, LiveOptions options, TimeProvider time)
{
    // The server's own buffer of 64 KiB is on top of this, so still less would hardly help.
    private const int SmallWriteBytes = 16 * 1024;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    /// <summary>How much should go in one write now, unless a single frame is larger.</summary>
    public int WriteBytes { get; private set; } = options.WriteBytes;

    /// <summary>Says that the client has been sent everything it was due, so it counts as quick again.</summary>
    public void OnCaughtUp() => WriteBytes = options.WriteBytes;

    /// <summary>Writes whole messages, or a piece of one. Unless it succeeds, the memory may be read from later on and must not be used again.</summary>
    /// <exception cref="ClientStalledException">The client did not take them in time; they are still under way.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> messages)
    {
        // Never with a token: cancelling a pending write aborts the connection.
        var write = stream.WriteAsync(messages, CancellationToken.None);
        return write.IsCompletedSuccessfully ? default : AwaitAsync(write.AsTask());
    }

    private async ValueTask AwaitAsync(Task write)
    {
        var started = time.GetTimestamp();
        try
        {
            await write.WaitAsync(options.Stall, time);
            if (time.GetElapsedTime(started) > Long) WriteBytes = Math.Min(SmallWriteBytes, options.WriteBytes);
        }
        catch (TimeoutException)
        {
            throw new ClientStalledException();
        }
    }
}
