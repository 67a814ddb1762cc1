using System.Diagnostics.CodeAnalysis;
using System.Text;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Entries;

/// <summary>
/// The stored form of an entry whose content was erased: <c>{"id","timestamp","redacted":true,"commitment"}</c>, one line of JSON
/// like <see cref="EntryRecord"/>. It is all that the entry's leaf in the tree was made of, so every proof of it still holds.
/// </summary>
/// <param name="Leaf">What the tree has of the entry.</param>
public sealed record RedactedRecord(LogLeaf Leaf)
{
    private const string Start = "{\"id\":\"";
    private const string Timestamp = "\",\"timestamp\":\"";
    private const string Commitment = "\",\"redacted\":true,\"commitment\":\"";
    private const string End = "\"}";

    /// <summary>Encodes the record.</summary>
    public byte[] Encode() => Encoding.ASCII.GetBytes(ToString());

    /// <summary>Whether bytes look like such a record, so that the problem with them is told of one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> record) => record.IndexOf("\"redacted\":true,\"commitment\":\""u8) is > 0 and < 128
        && record.StartsWith("{\"id\":\""u8) && record.Length < 256;

    /// <summary>Reads what <see cref="Encode"/> writes, and nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RedactedRecord? decoded)
    {
        decoded = null;
        if (!IsOne(record)) return false;
        var text = Encoding.Latin1.GetString(record);
        var (timestampAt, commitmentAt) = (text.IndexOf(Timestamp, StringComparison.Ordinal), text.IndexOf(Commitment, StringComparison.Ordinal));
        if (timestampAt < 0 || commitmentAt < timestampAt || !text.EndsWith(End, StringComparison.Ordinal)) return false;
        if (!LogId.TryCreate(text[Start.Length..timestampAt], out var id)) return false;
        if (!LogTimestamp.TryParse(text[(timestampAt + Timestamp.Length)..commitmentAt], out var timestamp)) return false;
        if (!TreeHash.TryParse(text[(commitmentAt + Commitment.Length)..^End.Length], out var commitment)) return false;
        var read = new RedactedRecord(new LogLeaf(id, timestamp, commitment));
        if (!record.SequenceEqual(read.Encode())) return false;
        decoded = read;
        return true;
    }

    /// <summary>Gives the record's text.</summary>
    public override string ToString() => $"{Start}{Leaf.Id}{Timestamp}{Leaf.Timestamp}{Commitment}{Leaf.Commitment}{End}";
}
