using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Frames;

/// <summary>
/// What a client's kind of stream makes of the entries' messages, which are kept as single WebSocket messages: other framing, or
/// several entries in one message. Made once for all clients that are sent the same entries.
/// </summary>
internal sealed class ClientFormat
{
    private static readonly ClientFormat[] All =
    [
        new(MessageFraming.WebSocket, isBatched: false), new(MessageFraming.WebSocket, isBatched: true),
        new(MessageFraming.EventStream, isBatched: false), new(MessageFraming.EventStream, isBatched: true),
    ];

    private readonly bool _isBatched;
    private readonly FrameReuse _reuse = new();

    private ClientFormat(MessageFraming framing, bool isBatched) => (Framing, _isBatched) = (framing, isBatched);

    /// <summary>How messages stand on the wire.</summary>
    public MessageFraming Framing { get; }

    private bool IsAsKept => Framing == MessageFraming.WebSocket && !_isBatched;

    /// <summary>Gives the format of a kind of stream.</summary>
    /// <param name="framing">How messages stand on the wire.</param>
    /// <param name="isBatched">Whether several entries may come in one message.</param>
    public static ClientFormat Of(MessageFraming framing, bool isBatched) =>
        All.First(format => format.Framing == framing && format._isBatched == isBatched);

    /// <summary>Gives the bytes to send for entries of the ring.</summary>
    /// <param name="read">The entries.</param>
    public ReadOnlyMemory<byte> Of(RingRead read) => IsAsKept
        ? read.Frames
        : read.Rented is null ? _reuse.Get(read.Frames, read.Cursor.Epoch, Make) : Make(read.Frames.Span, read.Cursor.Epoch);

    /// <summary>Gives the bytes to send for messages that only one client gets.</summary>
    /// <param name="frames">Whole messages.</param>
    /// <param name="epoch">The numbering that they are of.</param>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> frames, string epoch) => IsAsKept ? frames : Make(frames.Span, epoch);

    private byte[] Make(ReadOnlySpan<byte> frames, string epoch)
    {
        var (count, bytes, sequence) = Measure(frames, epoch);
        var target = new byte[bytes];
        if (_isBatched && count > 1)
        {
            var batch = new byte[LiveMessages.BatchBytes(frames.Length)];
            return target[..Framing.Write(target, batch.AsSpan(0, LiveMessages.WriteBatch(batch, frames)), epoch, sequence)];
        }

        var used = 0;
        var messages = new FrameReader(frames);
        while (messages.MoveNext())
            used += Framing.Write(target.AsSpan(used), messages.Payload, epoch, LiveMessages.SequenceOf(messages.Payload));
        return target[..used];
    }

    private (int Count, int Bytes, long Last) Measure(ReadOnlySpan<byte> frames, string epoch)
    {
        var (count, bytes) = (0, 0);
        var last = default(ReadOnlySpan<byte>);
        var messages = new FrameReader(frames);
        while (messages.MoveNext())
        {
            count++;
            bytes += Framing.MaxBytes(messages.Payload.Length, epoch);
            last = messages.Payload;
        }

        if (_isBatched && count > 1) bytes = Framing.MaxBytes(LiveMessages.BatchBytes(frames.Length), epoch);
        return (count, bytes, LiveMessages.SequenceOf(last));
    }
}
