using System.Buffers;
using LogApi.Application.Logs.FollowLogs;
using LogApi.Application.Ports;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>
/// Sends one client its history, or what it missed, and then every entry from there on: from the ring, from the store when the
/// ring does not have it any more, or else a word about what it lost.
/// </summary>
internal sealed class LiveSender(LiveServices live, ClientWriter client, LiveJoin join, AsyncSignal wake)
{
    private readonly LiveOptions _options = live.Options;
    private readonly PageSize _page = new(live.Options.WriteBytes);
    private readonly BehindClient _behind = new(live.Options, live.Time, isRecovering: join.BeginsInThePast);
    private LiveCursor _cursor = join.Cursor;
    private LiveBeat? _heartbeat = live.Heartbeat.Newest;
    private byte[]? _integrity = live.Integrity.Known;
    private Task? _waking;

    /// <summary>Where the client is: the first entry that was not handed over whole is the next one.</summary>
    public LiveCursor Cursor => _cursor;

    /// <summary>Whether what the client gets first was handed over whole: before that there is no place to go on from.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Sends until it is cancelled.</summary>
    /// <exception cref="ClientStalledException">The client did not take what was sent in time, or stayed too far behind.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(join.TakeOpening(), cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            await SendNewestHeartbeatAsync();
            if (live.Integrity.Message is { } integrity && integrity != _integrity)
            {
                await SendMessageAsync(integrity);
                _integrity = integrity;
            }

            var read = live.Ring.Read(_cursor, join.Filter, client.WriteBytes);
            switch (read.Kind)
            {
                case RingReadKind.Frames:
                    if (!read.Frames.IsEmpty) await client.WriteAsync(join.Format.Of(read));
                    read.Release();
                    _cursor = read.Cursor;
                    break;
                case RingReadKind.CaughtUp:
                    _cursor = read.Cursor;
                    _behind.OnCaughtUp();
                    client.OnCaughtUp();

                    // One at a time may wait, and a read may have left one that does.
                    if (_waking is { } waking) await waking;
                    else await wake.WaitAsync();
                    _waking = null;
                    break;
                case RingReadKind.Restarted:
                    await MoveToAsync(read.Cursor, new MissedEntries(_cursor.Next, To: null, MissedEntries.StartedAnew));
                    break;
                case RingReadKind.SetBack when read.Cursor.Next < _cursor.Next:
                    // What the client was given from there on is not in the log any more; other entries get these numbers.
                    await MoveToAsync(read.Cursor, new MissedEntries(read.Cursor.Next, _cursor.Seq, MissedEntries.SetBack));
                    break;
                case RingReadKind.SetBack:
                    _cursor = read.Cursor with { Next = _cursor.Next };
                    break;
                case RingReadKind.Overrun when _behind.MayReadBack:
                    await BackfillAsync(read.First, cancellationToken);
                    break;
                case RingReadKind.Overrun:
                    await SkipAsync(read);
                    break;
            }
        }
    }

    private async Task BeginAsync(LiveOpening opening, CancellationToken cancellationToken)
    {
        if (opening.History is { } history)
        {
            var message = new MessageWriter(client, join.Format.Framing, _cursor, _options.WriteBytes);
            await HistorySender.SendAsync(history, opening.Request, _cursor, message, live, cancellationToken);
        }
        else if (opening.Resumption?.Missed is { } missed)
        {
            live.Log.ClientMissed(missed.From, missed.To ?? -1, missed.Reason);
            await SendMessageAsync(LiveMessages.Gap(missed, isAnswer: true, _cursor));
        }
        else if (opening.Request.AsksWhere)
        {
            await SendMessageAsync(LiveMessages.Resumed(opening.Resumption is null ? null : true, _cursor));
        }
        else if (join.Format.Framing.Position(_cursor) is { Length: > 0 } position)
        {
            await client.WriteAsync(position);
        }

        HasBegun = true;

        // Clients that know only the guide get a heartbeat at its time; others need not wait for what it says.
        if (opening.Request.IsBatched) await SendMessageAsync(LiveMessages.Heartbeat(live.Heartbeat.Now(), _cursor));
    }

    private async Task MoveToAsync(LiveCursor start, MissedEntries missed)
    {
        _cursor = start;
        _behind.OnCaughtUp();
        await SendMessageAsync(LiveMessages.Gap(missed, isAnswer: false, start));
    }

    private async Task BackfillAsync(long end, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(Math.Min(end - _cursor.Next, _page.Count), _behind.ReadsLeft);
        var page = await KeepAliveAsync(live.Store.ReadRangeAsync(_cursor, count, cancellationToken));
        _page.Learn(page);
        for (var sent = 0; sent < page.Count;)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(client.WriteBytes);
            var (passed, used) = Fill(page, sent, ref buffer);
            if (used > 0) await client.WriteAsync(join.Format.Of(buffer.AsMemory(0, used), _cursor.Epoch));
            ArrayPool<byte>.Shared.Return(buffer);
            sent += passed;
            _cursor = _cursor with { Next = _cursor.Next + passed };
        }

        _behind.OnReadBack(page.Count);
    }

    private (int Passed, int Used) Fill(IReadOnlyList<StoredRecord> page, int from, ref byte[] buffer)
    {
        Span<byte> scratch = stackalloc byte[LiveMessages.MaxPrefixBytes];
        var used = 0;
        var i = from;
        for (; i < page.Count; i++)
        {
            var frame = new EntryFrame(page[i], scratch);
            if (join.Filter is { } filter && !frame.IsFor(filter)) continue;
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
        var from = _cursor.Next;
        var resume = _cursor with { Next = read.End - ((read.End - read.First) / 4) };
        _behind.OnLagged();
        live.Log.ClientLagged(from, resume.Seq);
        await client.WriteAsync(join.Format.Framing.Of(LiveMessages.Lagged(from, resume), resume));
        _cursor = resume;
    }

    /// <summary>Waits for a read, which takes as long as the store is away, without letting the client wait for its heartbeats.</summary>
    private async Task<T> KeepAliveAsync<T>(Task<T> read)
    {
        while (!read.IsCompleted)
        {
            _waking ??= wake.WaitAsync().AsTask();
            if (await Task.WhenAny(read, _waking) == read) break;
            _waking = null;
            await SendNewestHeartbeatAsync();
        }

        return await read;
    }

    private async ValueTask SendNewestHeartbeatAsync()
    {
        if (live.Heartbeat.Newest is not { } beat || beat == _heartbeat) return;
        await SendMessageAsync(LiveMessages.Heartbeat(beat, _cursor));
        _heartbeat = beat;
    }

    private ValueTask SendMessageAsync(byte[] message) => client.WriteAsync(join.Format.Framing.Of(message, _cursor));
}
