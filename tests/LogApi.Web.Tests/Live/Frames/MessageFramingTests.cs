using System.Text;
using CsCheck;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Tests.Live.Frames;

[Parallelizable(ParallelScope.All)]
public sealed class MessageFramingTests
{
    [Test]
    public void FrameReader_AnyMessages_GivesEachAsItWasWritten() => Gen.Int[0, 70_000].Array[0, 6].Sample(lengths =>
    {
        var payloads = lengths.Select((length, i) => Enumerable.Repeat((byte)('a' + i), length).ToArray()).ToList();
        var frames = payloads.SelectMany(payload => WebSocketFrame.OfText(payload)).ToArray();
        var read = new List<byte[]>();
        var reader = new FrameReader(frames);
        while (reader.MoveNext()) read.Add(reader.Payload.ToArray());
        Assert.That(read, Is.EqualTo(payloads));
    });

    [Test]
    public void Of_WebSocket_IsOneFrame() => Assert.That(
        MessageFraming.WebSocket.Of("{}"u8, new LiveCursor(0, "e", 5)), Is.EqualTo(WebSocketFrame.OfText("{}"u8)));

    [TestCase(0, "id: e-−1\ndata: {}\n\n")]
    [TestCase(5, "id: e-4\ndata: {}\n\n")]
    [TestCase(long.MaxValue, "id: e-9223372036854775806\ndata: {}\n\n")]
    public void Of_EventStream_HasThePlaceAsId(long next, string expected) => Assert.That(
        Encoding.UTF8.GetString(MessageFraming.EventStream.Of("{}"u8, new LiveCursor(0, "e", next))), Is.EqualTo(expected.Replace('−', '-')));

    [Test]
    public void SequenceOf_EveryMessageOfARecord_FindsItsNumber()
    {
        Assert.That(LiveMessages.SequenceOf("{\"type\":\"log\",\"seq\":42,\"id\":\"x\"}"u8), Is.EqualTo(42));
        Assert.That(LiveMessages.SequenceOf(LiveMessages.Missing(new Application.Ports.StoredRecord(7, default), asMessage: true)), Is.EqualTo(7));
        Assert.That(() => LiveMessages.SequenceOf("{\"type\":\"heartbeat\"}"u8), Throws.ArgumentException);
    }
}
