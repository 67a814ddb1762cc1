using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogApi.Web.Live.Frames;

/// <summary>
/// Keeps what was last made of parts of shared buffers, for the other clients that are sent the same part. It goes with the
/// buffer, so nothing is kept of an entry longer than the ring and its readers keep it.
/// </summary>
internal sealed class FrameReuse
{
    private readonly ConditionalWeakTable<byte[], Recent> _byBuffer = [];

    /// <summary>Makes something of messages.</summary>
    public delegate byte[] Maker(ReadOnlySpan<byte> frames, string epoch);

    /// <summary>Gives what was made of a part of a buffer whose bytes do not change any more, or makes it.</summary>
    public byte[] Get(ReadOnlyMemory<byte> frames, string epoch, Maker make)
    {
        if (!MemoryMarshal.TryGetArray(frames, out var part)) return make(frames.Span, epoch);
        var recent = _byBuffer.GetOrCreateValue(part.Array!);
        if (recent.Find(part.Offset, part.Count) is { } made) return made;
        made = make(frames.Span, epoch);
        recent.Keep(part.Offset, part.Count, made);
        return made;
    }

    private sealed class Recent
    {
        // Clients that keep up are at one place, or at two when some were woken earlier.
        private const int Kept = 4;

        private readonly Made?[] _made = new Made?[Kept];
        private int _next;

        public byte[]? Find(int offset, int count)
        {
            foreach (var one in _made)
            {
                if (one is not null && one.Offset == offset && one.Count == count) return one.Bytes;
            }

            return null;
        }

        public void Keep(int offset, int count, byte[] bytes) =>
            Volatile.Write(ref _made[(Interlocked.Increment(ref _next) & int.MaxValue) % Kept], new Made(offset, count, bytes));

        private sealed record Made(int Offset, int Count, byte[] Bytes);
    }
}
