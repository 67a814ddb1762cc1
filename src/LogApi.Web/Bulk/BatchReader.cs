using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using LogApi.Application.Logs.CreateLogs;
using LogApi.Web.Errors;
using LogApi.Web.Serialization;

namespace LogApi.Web.Bulk;

/// <summary>
/// Reads the items of a batch off its body, one after another, holding no more of it than the longest item may have and what one
/// read brings. What ends the reading early is its <see cref="Fault"/>; the items before that are good.
/// </summary>
/// <param name="body">The unpacked body.</param>
/// <param name="framer">Tells the items apart.</param>
/// <param name="maxItemBytes">The longest item.</param>
/// <param name="options">How much there may be.</param>
/// <param name="isDigested">Whether somebody will ask for the body's digest.</param>
internal sealed class BatchReader(Stream body, ItemFramer framer, int maxItemBytes, BatchOptions options, bool isDigested = false)
    : ILogItems, IDisposable
{
    private const int ReadBytes = 64 * 1024;

    private readonly LogItemParser _parser = new();
    private readonly Dictionary<int, Failure> _failures = [];
    private readonly IncrementalHash? _digest = isDigested ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * ReadBytes);
    private int _start;
    private int _end;
    private long _received;
    private bool _isLast;

    /// <summary>How many items were read.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> BodyDigest { get; private set; }

    /// <summary>Why the item after the last, and whatever follows it, was not read; nothing when the body was read to its end.</summary>
    public Failure? Fault { get; private set; }

    /// <summary>Says that a body has more bytes than may be.</summary>
    public static Failure TooLarge(BatchOptions options) => new(
        ProblemKinds.BodyTooLarge, Invariant($"The body is over the limit of {options.MaxBytes} bytes (BATCH_MAX_BYTES)."));

    /// <summary>Gives what is wrong with an item that could not be read.</summary>
    public Failure FailureOf(int index) => _failures[index];

    public async ValueTask<bool> ReadAsync(IList<LogItem?> items, int maxCount, CancellationToken cancellationToken)
    {
        while (items.Count < maxCount)
        {
            if (Fault is not null) return false;
            var frame = Next();
            switch (frame.Kind)
            {
                case FrameKind.End:
                    BodyDigest = _digest?.GetHashAndReset() ?? default(ReadOnlyMemory<byte>);
                    return false;
                case FrameKind.Incomplete:
                    await FillAsync(cancellationToken);
                    break;
                case FrameKind.Malformed:
                    Fault = MalformedAt(PositionOf(frame.Start));
                    break;
                case FrameKind.Item or FrameKind.TooLong when Count == options.MaxEntries:
                    Fault = new Failure(
                        ProblemKinds.BodyTooLarge, Invariant($"The batch has more than {options.MaxEntries} entries (BATCH_MAX_ENTRIES)."));
                    break;
                default:
                    Take(frame, items);
                    break;
            }
        }

        return Fault is null;
    }

    public void Dispose()
    {
        body.Dispose();
        _digest?.Dispose();
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
    }

    private ItemFrame Next()
    {
        var from = _start;
        var frame = framer.Next(_buffer.AsSpan(from, _end - from), _isLast);
        _digest?.AppendData(_buffer.AsSpan(from, frame.Consumed));
        _start += frame.Consumed;
        return frame with { Start = from + frame.Start };
    }

    private void Take(in ItemFrame frame, IList<LogItem?> items)
    {
        if (frame.Kind == FrameKind.TooLong)
        {
            var failure = new Failure(
                ProblemKinds.BodyTooLarge, Invariant($"The item is over the limit of {maxItemBytes} bytes (MAX_BODY_BYTES)."));
            if (framer.EndsAtFault) Fault = failure;
            else Refuse(failure, items);
            return;
        }

        var json = new ReadOnlyMemory<byte>(_buffer, frame.Start, frame.Length);
        if (_parser.TryParse(json.Span) is { } item)
        {
            items.Add(item);
            Count++;
            return;
        }

        var reason = JsonDiagnosis.Of(new ReadOnlySequence<byte>(json), ApiJson.Context.CreateLogRequest, "item");
        if (framer.EndsAtFault && reason.Kind == ProblemKinds.MalformedJson) Fault = MalformedAt(PositionOf(frame.Start));
        else Refuse(reason, items);
    }

    private void Refuse(Failure failure, IList<LogItem?> items)
    {
        _failures[Count++] = failure;
        items.Add(null);
    }

    // Counts from 1, as the positions within an item do.
    private long PositionOf(int at) => _received - (_end - at) + 1;

    private Failure MalformedAt(long position)
    {
        var detail = _received == 0
            ? "The body is empty; a JSON array of entries is required."
            : Invariant($"The body stops being a JSON array at byte {position}.");
        return new Failure(ProblemKinds.MalformedJson, detail) { Errors = ErrorsOf("must be a JSON array of entries") };
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeSpace();
        try
        {
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isLast = read == 0;
            _end += read;
            _received += read;
            if (_received > options.MaxBytes) Fault = TooLarge(options);
        }
        catch (FailureException known)
        {
            Fault = known.Failure;
        }
        catch (BadHttpRequestException fault)
        {
            Fault = ErrorMiddleware.Explain(fault);
        }
        catch (Exception fault) when (BodyEncoding.IsBroken(fault))
        {
            Fault = BrokenEncoding();
        }
    }

    private void MakeSpace()
    {
        var length = _end - _start;
        if (_buffer.Length - _end >= ReadBytes) return;
        var target = length + ReadBytes <= _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        _buffer.AsSpan(_start, length).CopyTo(target);
        if (target != _buffer) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        (_buffer, _start, _end) = (target, 0, length);
    }

    private static Failure BrokenEncoding() => new(ProblemKinds.MalformedJson, "The body is not what its Content-Encoding says.")
    {
        Errors = ErrorsOf("must be whole, and in the form that Content-Encoding names"),
    };

    private static Dictionary<string, string[]> ErrorsOf(string message) => new(StringComparer.Ordinal) { ["body"] = [message] };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
