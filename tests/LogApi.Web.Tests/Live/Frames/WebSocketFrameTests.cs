using System.Net.WebSockets;
using LogApi.Web.Live.Frames;

namespace LogApi.Web.Tests.Live.Frames;

[Parallelizable(ParallelScope.All)]
public sealed class WebSocketFrameTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(125)]
    [TestCase(126)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(1_000_000)]
    public async Task OfText_LengthsAroundEachHeaderForm_AreReadByAnotherImplementation(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26))).ToArray();
        var frame = WebSocketFrame.OfText(payload);

        // The framework's client side is the judge.
        using var socket = WebSocket.CreateFromStream(new MemoryStream(frame), new WebSocketCreationOptions { IsServer = false });
        var received = new byte[length + 1];
        var count = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(received.AsMemory(count), CancellationToken.None);
            count += result.Count;
        }
        while (!result.EndOfMessage);

        Assert.That(result.MessageType, Is.EqualTo(WebSocketMessageType.Text));
        Assert.That(received.AsSpan(0, count).SequenceEqual(payload), Is.True);
        Assert.That(ReceivedFrame.ParseAll(frame), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task OfClose_CodeAndReason_AreReadByAnotherImplementation()
    {
        using var socket = WebSocket.CreateFromStream(
            new MemoryStream(WebSocketFrame.OfClose(1013, "zażółć")), new WebSocketCreationOptions { IsServer = false });
        await socket.ReceiveAsync(new byte[1].AsMemory(), CancellationToken.None);
        Assert.That((int)socket.CloseStatus!, Is.EqualTo(1013));
        Assert.That(socket.CloseStatusDescription, Is.EqualTo("zażółć"));
    }

    [Test]
    public void OfClose_NoCode_HasNoBody() => Assert.That(WebSocketFrame.OfClose(null, ""), Is.EqualTo(new byte[] { 0x88, 0 }));

    [Test]
    public void OfClose_ReasonBeyondAControlFrame_IsRefused()
    {
        Assert.That(() => WebSocketFrame.OfClose(1000, new string('x', 123)), Throws.Nothing);
        Assert.That(() => WebSocketFrame.OfClose(1000, new string('x', 124)), Throws.ArgumentException);
    }
}
