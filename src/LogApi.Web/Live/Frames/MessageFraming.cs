using System.Text;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Frames;

/// <summary>How messages stand on the wire: the same JSON as WebSocket messages, or as the events of an event stream.</summary>
internal abstract class MessageFraming
{
    /// <summary>Messages of a WebSocket (RFC 6455, section 5).</summary>
    public static MessageFraming WebSocket { get; } = new WebSocketFraming();

    /// <summary>Events of an event stream (WHATWG HTML, section 9.2): <c>id</c> is what a client goes on with after a break.</summary>
    public static MessageFraming EventStream { get; } = new EventStreamFraming();

    /// <summary>Whether a message that is sent in pieces has a header before each of them.</summary>
    public abstract bool HasPieces { get; }

    /// <summary>How many bytes a message has with what goes around it, at the most.</summary>
    public abstract int MaxBytes(int jsonBytes, string epoch);

    /// <summary>Writes a whole message and gives its length.</summary>
    /// <param name="target">Room for <see cref="MaxBytes"/>.</param>
    /// <param name="json">The message.</param>
    /// <param name="epoch">The numbering that the client's position is in.</param>
    /// <param name="sequence">The client's position after it.</param>
    public abstract int Write(Span<byte> target, ReadOnlySpan<byte> json, string epoch, long sequence);

    /// <summary>Tells a client where it is without a message, where that is possible.</summary>
    public abstract byte[] Position(LiveCursor at);

    /// <summary>What stands before a message that is sent in pieces.</summary>
    public abstract byte[] Start(LiveCursor at);

    /// <summary>What stands behind a message that is sent in pieces.</summary>
    public abstract byte[] End();

    /// <summary>Makes a whole message.</summary>
    public byte[] Of(ReadOnlySpan<byte> json, LiveCursor at)
    {
        var target = new byte[MaxBytes(json.Length, at.Epoch)];
        return target[..Write(target, json, at.Epoch, at.Seq)];
    }

    private sealed class WebSocketFraming : MessageFraming
    {
        public override bool HasPieces => true;

        public override int MaxBytes(int jsonBytes, string epoch) => WebSocketFrame.HeaderBytes(jsonBytes) + jsonBytes;

        public override int Write(Span<byte> target, ReadOnlySpan<byte> json, string epoch, long sequence)
        {
            var header = WebSocketFrame.WriteHeader(target, WebSocketFrame.Final | WebSocketFrame.Text, json.Length);
            json.CopyTo(target[header..]);
            return header + json.Length;
        }

        public override byte[] Position(LiveCursor at) => [];

        public override byte[] Start(LiveCursor at) => [];

        public override byte[] End() => [];
    }

    private sealed class EventStreamFraming : MessageFraming
    {
        private const int MaxDigits = 20;

        private static ReadOnlySpan<byte> Id => "id: "u8;

        private static ReadOnlySpan<byte> Data => "\ndata: "u8;

        private static ReadOnlySpan<byte> Blank => "\n\n"u8;

        public override bool HasPieces => false;

        public override int MaxBytes(int jsonBytes, string epoch) =>
            Id.Length + epoch.Length + 1 + MaxDigits + Data.Length + jsonBytes + Blank.Length;

        public override int Write(Span<byte> target, ReadOnlySpan<byte> json, string epoch, long sequence)
        {
            // JSON has no line break in it: those in texts are escaped, and records with others are not served.
            var used = WriteStart(target, epoch, sequence);
            json.CopyTo(target[used..]);
            used += json.Length;
            Blank.CopyTo(target[used..]);
            return used + Blank.Length;
        }

        // An event without data is not shown to the page, but its id is kept.
        public override byte[] Position(LiveCursor at) => Encoding.ASCII.GetBytes($"id: {at}\n\n");

        public override byte[] Start(LiveCursor at)
        {
            var target = new byte[MaxBytes(0, at.Epoch)];
            return target[..WriteStart(target, at.Epoch, at.Seq)];
        }

        public override byte[] End() => Blank.ToArray();

        private static int WriteStart(Span<byte> target, string epoch, long sequence)
        {
            Id.CopyTo(target);
            var used = Id.Length;
            used += Encoding.ASCII.GetBytes(epoch, target[used..]);
            target[used++] = (byte)'-';
            sequence.TryFormat(target[used..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            used += digits;
            Data.CopyTo(target[used..]);
            return used + Data.Length;
        }
    }
}
