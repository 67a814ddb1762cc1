using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;

namespace LogApi.Web.Tests.Commands.Verify;

/// <summary>A log in memory that gives exports and proofs as the service does, in the words of RFC 6962 §2.1.</summary>
internal sealed class SampleLog
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<LogEntry> _entries = [];
    private readonly List<byte[]> _salts = [];
    private readonly HashSet<int> _redacted = [];

    /// <summary>Makes a log of some entries; every third has attributes.</summary>
    public SampleLog(int count, string user = "ada")
    {
        var random = new Random(count);
        for (var i = 0; i < count; i++)
        {
            var attributes = i % 3 == 0 ? LogAttributes.Create([new("host", $"db{i}"), new("note", "zoë \"1\"")]) : null;
            _entries.Add(LogEntry.Create(
                UserId.Create(user), QueryText.Create($"SELECT '{i}' -- 日本"), LogStatus.Create("SUCCESS"), Some.Time.AddSeconds(i), Some.Hasher,
                i % 2 == 0 ? LogTimestamp.From(Some.Time) : null, attributes));
            var salt = new byte[LogLeaf.SaltSize];
            random.NextBytes(salt);
            _salts.Add(salt);
        }
    }

    public static CheckpointSigner Signer { get; } = Key(Some.SigningKey);

    public static CheckpointSigner OtherSigner { get; } = Key(CheckpointSigner.Generate("logs.example.org/audit"));

    public int Size => _entries.Count;

    public LogEntry this[int index] => _entries[index];

    public void Redact(int index) => _redacted.Add(index);

    public string Salt(int index) => Convert.ToBase64String(_salts[index]);

    public LogLeaf Leaf(int index) => LogLeaf.Of(_entries[index], _salts[index]);

    public TreeHash Root(int size) => Hash(0, size);

    public string Checkpoint(int? size = null, CheckpointSigner? signer = null) =>
        (signer ?? Signer).Sign(new Checkpoint("logs.example.org/audit", size ?? Size, Root(size ?? Size))).ToString();

    /// <summary>The entry as GET /api/v1/logs/{id} gives it.</summary>
    public JsonObject Served(int index)
    {
        var record = _redacted.Contains(index) ? new RedactedRecord(Leaf(index)).Encode() : EntryRecord.Encode(_entries[index]);
        var entry = JsonNode.Parse(record)!.AsObject();
        entry["seq"] = index;
        return entry;
    }

    /// <summary>The entry as a line of an export with proofs.</summary>
    public JsonObject Line(int index, int? size = null)
    {
        var line = Served(index);
        line["log_index"] = index;
        line["salt"] = _redacted.Contains(index) ? null : Salt(index);
        line["inclusion"] = new JsonArray([.. Inclusion(index, size ?? Size).Select(hash => JsonValue.Create(hash.ToString()))]);
        return line;
    }

    public JsonObject End(int count, bool hasMore = false, string? checkpoint = null) => new()
    {
        ["type"] = "end",
        ["count"] = count,
        ["has_more"] = hasMore,
        ["next_cursor"] = null,
        ["checkpoint"] = checkpoint ?? Checkpoint(),
    };

    /// <summary>The lines of an export of these entries.</summary>
    public List<JsonObject> Export(IEnumerable<int> indexes)
    {
        List<JsonObject> lines = [.. indexes.Select(index => Line(index))];
        return [.. lines, End(lines.Count)];
    }

    public static string Text(IEnumerable<JsonObject> lines) => string.Concat(lines.Select(line => line.ToJsonString(Plain) + "\n"));

    /// <summary>The entry's .tlog-proof, with the entry in it when asked for.</summary>
    public string Proof(int index, bool withEntry)
    {
        Assert.That(SignedNote.TryParse(Checkpoint(), out var note), Is.True);
        var extra = new JsonObject { ["entry"] = Served(index), ["salt"] = _redacted.Contains(index) ? null : Salt(index) };
        var file = new InclusionProofFile(index, Inclusion(index, Size), note!);
        return (withEntry ? file with { Extra = Encoding.UTF8.GetBytes(extra.ToJsonString(Plain)) } : file).ToString();
    }

    /// <summary>The same as JSON.</summary>
    public JsonObject JsonProof(int index) => new()
    {
        ["log_index"] = index,
        ["tree_size"] = Size,
        ["leaf"] = Encoding.ASCII.GetString(Leaf(index).Encode()),
        ["salt"] = Salt(index),
        ["hashes"] = new JsonArray([.. Inclusion(index, Size).Select(hash => JsonValue.Create(hash.ToString()))]),
        ["checkpoint"] = Checkpoint(),
    };

    public string Consistency(int from, int to) => new JsonObject
    {
        ["from"] = from,
        ["to"] = to,
        ["hashes"] = new JsonArray([.. LeafRange.OfConsistency(from, to).Select(range => JsonValue.Create(Hash(range.Start, range.End).ToString()))]),
    }.ToJsonString();

    private TreeHash[] Inclusion(int index, int size) => [.. LeafRange.OfInclusion(index, size).Select(range => Hash(range.Start, range.End))];

    private TreeHash Hash(long start, long end)
    {
        if (start == end) return TreeHash.Empty;
        if (end - start == 1) return TreeHash.OfLeaf(Leaf((int)start).Encode());
        long split = 1;
        while (2 * split < end - start) split *= 2;
        return TreeHash.OfNode(Hash(start, start + split), Hash(start + split, end));
    }

    private static CheckpointSigner Key(string text) =>
        CheckpointSigner.TryCreate(text, out var signer, out var problem) ? signer : throw new InvalidDataException(problem);
}
