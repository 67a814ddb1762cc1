using System.Buffers;
using System.Buffers.Text;
using LogApi.Benchmarks.Clients;

namespace LogApi.Benchmarks.Fanout;

/// <summary>
/// A request made before the clock starts, into which the time of sending, for each of its entries, and a number if it has a place
/// for one, are put.
/// </summary>
internal sealed class StampedRequest
{
    private const int Digits = 19;
    private static readonly string Zeros = new('0', Digits);

    private readonly byte[] _bytes;
    private readonly List<int> _timesAt = [];
    private readonly int _numberAt;

    private StampedRequest(byte[] bytes)
    {
        _bytes = bytes;
        for (var at = 0; bytes.AsSpan(at).IndexOf(LiveMessage.SentAtMarker) is >= 0 and var next; _timesAt.Add(at)) at += next + LiveMessage.SentAtMarker.Length;
        var number = bytes.AsSpan().IndexOf(LiveMessage.SequenceMarker);
        _numberAt = number < 0 ? -1 : number + LiveMessage.SequenceMarker.Length;
    }

    /// <summary>How many entries it has.</summary>
    public int Entries => _timesAt.Count;

    /// <summary>Makes a request to the service, which numbers the entries itself.</summary>
    /// <param name="token">Who writes.</param>
    /// <param name="entries">How many entries: one by itself, or several as a batch.</param>
    public static StampedRequest ForService(string token, int entries)
    {
        var entry = $$"""{"query":"UPDATE orders SET state = 'shipped' WHERE order_id = 1042 /* at={{Zeros}} */","status":"SUCCESS"}""";
        return new(entries == 1
            ? EntryRequests.Build("PUT", "/api/v1/logs", token, entry)
            : EntryRequests.Build(
                "POST", "/api/v1/logs/batch", token, $"[{string.Join(',', Enumerable.Repeat(entry, entries))}]", "Prefer: return=minimal\r\n"));
    }

    /// <summary>Makes a request to a plain broker: the whole message of the service, with a number given here.</summary>
    public static StampedRequest ForBroker(string path) => new(EntryRequests.Build(
        "POST", path, "",
        $$"""
        {"type":"log","id":"01890a5d-ac96-774b-bcce-b302099a8057","user_id":"benchmark","query":"UPDATE orders SET state = 'shipped' WHERE order_id = 1042 /* at={{Zeros}} */","status":"SUCCESS","timestamp":"2026-01-01T00:00:00.000000Z","hash":"{{new string('a', 64)}}","seq":{{Zeros}}}
        """));

    /// <summary>Gives the request's bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Stamp(long time, long number)
    {
        foreach (var at in _timesAt) Write(at, time);
        if (_numberAt >= 0) Write(_numberAt, number);
        return _bytes;
    }

    private void Write(int at, long value) =>
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(at, Digits), out _, new StandardFormat('D', Digits));
}
