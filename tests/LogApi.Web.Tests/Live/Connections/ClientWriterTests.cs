using LogApi.Web.Live;
using LogApi.Web.Live.Connections;
using LogApi.Web.Live.Frames;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class ClientWriterTests
{
    private static readonly byte[] Frame = WebSocketFrame.OfText("{}"u8);

    [Test]
    public async Task WriteAsync_ClientTakesItsTime_GetsSmallWritesUntilItHasEverything()
    {
        var time = new FakeTimeProvider();
        await using var client = new GatedStream();
        await using var stream = new SharedFrameStream(client);
        var writer = new ClientWriter(stream, new LiveOptions(), time);
        Assert.That(writer.WriteBytes, Is.EqualTo(128 * 1024));

        await WriteAsync(writer, client, time, TimeSpan.FromMilliseconds(900));
        Assert.That(writer.WriteBytes, Is.EqualTo(128 * 1024));

        await WriteAsync(writer, client, time, TimeSpan.FromMilliseconds(1_100));
        Assert.That(writer.WriteBytes, Is.EqualTo(16 * 1024));

        await WriteAsync(writer, client, time, TimeSpan.Zero);
        Assert.That(writer.WriteBytes, Is.EqualTo(16 * 1024));

        writer.OnCaughtUp();
        Assert.That(writer.WriteBytes, Is.EqualTo(128 * 1024));
    }

    [Test]
    public async Task WriteAsync_NotTakenInTime_IsAStall()
    {
        var time = new FakeTimeProvider();
        await using var client = new GatedStream();
        await using var stream = new SharedFrameStream(client);
        var write = new ClientWriter(stream, new LiveOptions { StallSeconds = 15 }, time).WriteAsync(Frame).AsTask();
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.That(write.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(async () => await write.WaitAsync(LiveClient.Patience), Throws.TypeOf<ClientStalledException>());
        client.Take();
    }

    private static async Task WriteAsync(ClientWriter writer, GatedStream client, FakeTimeProvider time, TimeSpan takes)
    {
        var write = writer.WriteAsync(Frame).AsTask();
        time.Advance(takes);
        client.Take();
        await write.WaitAsync(LiveClient.Patience);
    }
}
