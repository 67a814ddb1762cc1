namespace LogApi.Web.Live.Connections;

/// <summary>Writes frames to one client, which has a bounded time to take them.</summary>
internal sealed class ClientWriter(SharedFrameStream stream, TimeSpan stall, TimeProvider time)
{
    /// <summary>Writes whole frames. Unless it succeeds, the memory may be read from later on and must not be used again.</summary>
    /// <exception cref="ClientStalledException">The client did not take them in time; they are still under way.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var write = stream.WriteFramesAsync(frames);
        return write.IsCompletedSuccessfully ? default : AwaitAsync(write.AsTask());
    }

    private async ValueTask AwaitAsync(Task write)
    {
        try
        {
            await write.WaitAsync(stall, time);
        }
        catch (TimeoutException)
        {
            throw new ClientStalledException();
        }
    }
}
