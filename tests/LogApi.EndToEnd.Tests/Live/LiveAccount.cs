using System.Globalization;
using System.Text.Json;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>
/// What one client of a live stream was told, over all of its connections: where it is, which entries it got, which it was told
/// that it can't have. Anything that breaks the rules of the stream is kept as a violation.
/// </summary>
internal sealed class LiveAccount(bool isFiltered)
{
    private readonly List<(long Seq, Guid Id)> _entries = [];
    private readonly List<(long From, long To, string Why)> _lost = [];
    private readonly List<string> _violations = [];
    private bool _isFirst;
    private bool _mustAnswer;

    /// <summary>The numbering; null before it was told.</summary>
    public string? Epoch { get; private set; }

    /// <summary>The number of the last entry that it got or passed; null before it was told.</summary>
    public long? Position { get; private set; }

    /// <summary>The last number before those that it has to get.</summary>
    public long? Start { get; private set; }

    /// <summary>What it goes on with after a break; null when it has to begin anew.</summary>
    public string? Cursor => Epoch is not null && Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{position}") : null;

    /// <summary>How many entries it got.</summary>
    public int Count => _entries.Count;

    /// <summary>How often it was told that it went on without a loss.</summary>
    public int Resumed { get; private set; }

    /// <summary>The ranges that it was told it can't have.</summary>
    public IReadOnlyList<(long From, long To, string Why)> Lost => _lost;

    /// <summary>What was wrong.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>A new connection.</summary>
    /// <param name="mustAnswer">Whether the first message has to say where it begins.</param>
    public void Begin(bool mustAnswer) => (_isFirst, _mustAnswer) = (true, mustAnswer);

    /// <summary>Takes a message in.</summary>
    /// <param name="message">The message.</param>
    /// <param name="eventId">The id of its event, in an event stream.</param>
    public void Take(JsonElement message, string? eventId)
    {
        var type = message.GetProperty("type").GetString();
        if (_isFirst && _mustAnswer && type is not ("resumed" or "gap" or "logs_response"))
            Violate($"the first message does not say where it begins: {Short(message)}");
        switch (type)
        {
            case "logs_batch":
                var parts = message.GetProperty("logs");
                if (parts.GetArrayLength() < 2) Violate($"a batch of {parts.GetArrayLength()}");
                foreach (var part in parts.EnumerateArray()) TakeOne(part, part.GetProperty("type").GetString());
                break;
            default:
                TakeOne(message, type);
                break;
        }

        if (eventId is not null && eventId != Cursor && type != "integrity") Violate($"the event's id is {eventId} at {Cursor}");
        _isFirst = false;
    }

    /// <summary>Takes in where the server says the client is, as it closes.</summary>
    public void TakeClose(string epoch, long seq)
    {
        if (Epoch is not null && epoch != Epoch) Violate($"the close is of log {epoch}");

        // What is under way when a client is given up counts as not sent. A filter passes over entries without a word.
        if (seq > Position && !isFiltered) Violate($"the close names {seq} at {Cursor}");
        if (Position is not { } position || seq <= position) return;
        (Epoch, Position) = (epoch, seq);
    }

    /// <summary>Holds all of it against the log.</summary>
    /// <param name="log">Every entry of the log, by number.</param>
    /// <param name="wants">Which of them it asked for.</param>
    /// <returns>What does not match, the first of it; null when everything does.</returns>
    public string? Compare(IReadOnlyList<LoggedEntry> log, Func<LoggedEntry, bool> wants)
    {
        if (_violations.Count > 0) return string.Join("; ", _violations.Take(3));
        if (Start is not { } start || Position is not { } end) return "it never got a position";
        var lost = new HashSet<long>(_lost.SelectMany(range => Range(range.From, range.To)));
        var due = log.Where(entry => entry.Seq > start && entry.Seq <= end && !lost.Contains(entry.Seq) && wants(entry)).Select(entry => (entry.Seq, entry.Id));
        if (_entries.SequenceEqual(due)) return null;
        var (got, expected) = (_entries.ToHashSet(), due.ToHashSet());
        return $"of {expected.Count} due from {start + 1} to {end}, {got.Count} of {_entries.Count} differ; "
            + $"missing {Some(expected.Except(got))}; too many {Some(got.Except(expected))}";

        static string Some(IEnumerable<(long Seq, Guid Id)> entries) => string.Join(", ", entries.Select(entry => entry.Seq).Order().Take(8));
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var seq = from; seq <= to; seq++) yield return seq;
    }

    private void TakeOne(JsonElement message, string? type)
    {
        switch (type)
        {
            case "log":
                Advance(message, Seq(message));
                _entries.Add((Seq(message), message.GetProperty("id").GetGuid()));
                break;
            case "logs_response":
                if (!_isFirst || Position is not null) Violate("history came in the middle");
                Settle(message);
                break;
            case "resumed":
                TakeResumed(message);
                break;
            case "heartbeat":
                // A filtered client's position moves over what it did not ask for.
                if (Position is { } position && (Seq(message) < position || (!isFiltered && Seq(message) != position)))
                    Violate($"a heartbeat names {Seq(message)} at {Cursor}");
                Settle(message);
                break;
            case "lagged":
                Lose(message, "lagged");
                Settle(message);
                break;
            case "gap":
                TakeGap(message);
                break;
            case "integrity":
                if (message.GetProperty("state").GetString() != "ok") Violate($"the log is refused: {Short(message)}");
                break;
            default:
                Violate($"an unknown message: {Short(message)}");
                break;
        }
    }

    private void TakeResumed(JsonElement message)
    {
        if (!_isFirst) Violate("resumed came in the middle");
        if (Position is { } position)
        {
            Resumed++;
            if (!message.TryGetProperty("recovered", out var recovered) || !recovered.GetBoolean()) Violate($"not recovered: {Short(message)}");
            if (Seq(message) != position) Violate($"resumed at {Seq(message)} instead of {position}");
        }

        Settle(message);
    }

    private void TakeGap(JsonElement message)
    {
        if (message.GetProperty("to").ValueKind == JsonValueKind.Null)
        {
            Violate($"the log is said to be another one: {Short(message)}");
            return;
        }

        Lose(message, message.GetProperty("reason").GetString()!);
        if (message.TryGetProperty("epoch", out _)) Settle(message);
        else Position = Seq(message);
    }

    private void Lose(JsonElement message, string why)
    {
        var (from, to) = (message.GetProperty("from").GetInt64(), message.GetProperty("to").GetInt64());
        if (from > to || from <= Position || (!isFiltered && from != Position + 1) || to != Seq(message))
            Violate($"a range that does not fit at {Cursor}: {Short(message)}");
        _lost.Add((from, to, why));
    }

    private void Advance(JsonElement message, long seq)
    {
        if (Position is { } position && (seq <= position || (!isFiltered && seq != position + 1))) Violate($"entry {seq} came at {Cursor}: {Short(message)}");
        Start ??= seq - 1;
        Position = seq;
    }

    private void Settle(JsonElement message)
    {
        var epoch = message.GetProperty("epoch").GetString();
        if (Epoch is not null && epoch != Epoch) Violate($"log {epoch} in place of {Epoch}");
        (Epoch, Position) = (epoch, Seq(message));
        Start ??= Position;
    }

    private static long Seq(JsonElement message) => message.GetProperty("seq").GetInt64();

    private static string Short(JsonElement message) => message.GetRawText() is { Length: > 200 } text ? text[..200] : message.GetRawText();

    private void Violate(string what) => _violations.Add(what);
}
