using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class SharedFrameStreamTests
{
    private static readonly byte[] Frame = WebSocketFrame.OfText("{}"u8);

    [Test]
    public async Task ShutAsync_WriteUnderWay_WaitsForItAndDropsWhatComesAfter()
    {
        await using var client = new GatedStream();
        await using var stream = new SharedFrameStream(client);
        var write = stream.WriteFramesAsync(Frame).AsTask();
        var shutting = stream.ShutAsync().AsTask();
        Assert.That(shutting.IsCompleted, Is.False);
        client.Take();
        await write.WaitAsync(LiveClient.Patience);
        await shutting.WaitAsync(LiveClient.Patience);

        await stream.WriteFramesAsync(WebSocketFrame.OfPing).AsTask().WaitAsync(LiveClient.Patience);
        Assert.That(client.ToArray(), Is.EqualTo(Frame));
    }

    [Test]
    public async Task WriteFramesAsync_BehindAClose_WritesNothing()
    {
        await using var client = new MemoryStream();
        await using var stream = new SharedFrameStream(client);
        var close = WebSocketFrame.OfClose(1000, "");
        await stream.WriteFramesAsync(close);
        await stream.WriteFramesAsync(WebSocketFrame.OfPing);
        Assert.That(client.ToArray(), Is.EqualTo(close));
    }

    [Test]
    public async Task Reads_EachTimeThatMoreIsWaitedFor_IsAnotherNumber()
    {
        await using var client = new MemoryStream([1, 2, 3]);
        await using var stream = new SharedFrameStream(client);
        var before = stream.Reads;
        Assert.That(await stream.ReadAsync(new byte[2]), Is.EqualTo(2));
        Assert.That(stream.Reads, Is.Not.EqualTo(before));
    }
}
