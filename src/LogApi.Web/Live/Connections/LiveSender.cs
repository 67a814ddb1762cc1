using System.Buffers;
using LogApi.Application.Ports;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// Sends one client its history and then every entry from where the history ended: from the ring, from the store when the ring
/// does not have it any more, or else a word about what it lost.
/// </summary>
internal sealed class LiveSender(LiveServices live, ClientWriter client, LiveRequest request, LiveCursor start, AsyncSignal wake)
{
    private readonly LiveOptions _options = live.Options;
    private readonly PageSize _page = new(live.Options.WriteBytes);
    private LiveCursor _cursor = start;
    private byte[]? _heartbeat = live.Heartbeat.Frame;
    private byte[]? _integrity = live.Integrity.Known;
    private long _backfilled;

    /// <summary>The first entry that was not handed over whole.</summary>
    public long Next => _cursor.Next;

    /// <summary>Sends until it is cancelled.</summary>
    /// <exception cref="ClientStalledException">The client did not take a write in time.</exception>
    public async Task RunAsync(LogPage? history, CancellationToken cancellationToken)
    {
        if (history is not null)
            await HistorySender.SendAsync(request, history, live.Store, client, _options.WriteBytes, cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (live.Heartbeat.Frame is { } beat && beat != _heartbeat)
            {
                await client.WriteAsync(beat);
                _heartbeat = beat;
            }

            if (live.Integrity.Frame is { } integrity && integrity != _integrity)
            {
                await client.WriteAsync(integrity);
                _integrity = integrity;
            }

            var read = live.Ring.Read(_cursor, request.Filter, client.WriteBytes);
            switch (read.Kind)
            {
                case RingReadKind.Frames:
                    if (!read.Frames.IsEmpty) await client.WriteAsync(read.Frames);
                    read.Release();
                    _cursor = read.Cursor;
                    break;
                case RingReadKind.CaughtUp:
                    _backfilled = 0;
                    client.OnCaughtUp();
                    await wake.WaitAsync();
                    break;
                case RingReadKind.Restarted:
                    await SendMessageAsync(LiveMessages.Gap(_cursor.Next, to: null, LiveMessages.StartedAnew));
                    _cursor = read.Cursor;
                    _backfilled = 0;
                    break;
                case RingReadKind.Overrun when _backfilled < _options.BackfillEntries:
                    await BackfillAsync(read.First, cancellationToken);
                    break;
                case RingReadKind.Overrun:
                    await SkipAsync(read);
                    break;
            }
        }
    }

    private async Task BackfillAsync(long end, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(Math.Min(end - _cursor.Next, _page.Count), _options.BackfillEntries - _backfilled);
        var page = await live.Store.ReadRangeAsync(_cursor.Next, count, cancellationToken);
        _page.Learn(page);
        for (var sent = 0; sent < page.Count;)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(client.WriteBytes);
            var (passed, used) = Fill(page, sent, ref buffer);
            if (used > 0) await client.WriteAsync(buffer.AsMemory(0, used));
            ArrayPool<byte>.Shared.Return(buffer);
            sent += passed;
            _cursor = _cursor with { Next = _cursor.Next + passed };
        }

        _backfilled += page.Count;
    }

    private (int Passed, int Used) Fill(IReadOnlyList<StoredRecord> page, int from, ref byte[] buffer)
    {
        Span<byte> scratch = stackalloc byte[LiveMessages.MaxPrefixBytes];
        var used = 0;
        var i = from;
        for (; i < page.Count; i++)
        {
            var frame = new EntryFrame(page[i], scratch);
            if (!frame.IsGap && request.Filter is { } filter && (frame.IsRedacted || !filter.Matches(frame.UserId))) continue;
            if (frame.FrameBytes > buffer.Length - used)
            {
                if (used > 0) break;
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(frame.FrameBytes);
            }

            frame.WriteFrame(buffer.AsSpan(used));
            used += frame.FrameBytes;
        }

        return (i - from, used);
    }

    // The oldest entries of the ring would be lost again at once, the newest only would lose more than needed.
    private async Task SkipAsync(RingRead read)
    {
        var resume = read.End - ((read.End - read.First) / 4);
        live.Log.ClientLagged(_cursor.Next, resume - 1);
        await SendMessageAsync(LiveMessages.Lagged(_cursor.Next, resume - 1));
        _cursor = _cursor with { Next = resume };
    }

    private ValueTask SendMessageAsync(byte[] message) => client.WriteAsync(WebSocketFrame.OfText(message));
}
