using System.Globalization;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// The published tree as <c>{log}:tree</c> holds it, but for its full tiles. Nothing of it is trusted until it was checked: see
/// <see cref="TreeCheck"/>.
/// </summary>
internal sealed record TreeState
{
    private const int FirstPartial = 9;

    /// <summary>A store without a tree.</summary>
    public static TreeState None { get; } = new();

    /// <summary>The fields that it is read from, in the order of <see cref="Read"/>.</summary>
    public static RedisValue[] Fields { get; } =
    [
        "origin", "epoch", "size", "root", "note", "time", "base", "former", "refused",
        .. Enumerable.Range(0, Tile.MaxLevel + 1).Select(PartialField),
    ];

    /// <summary>The log's name; empty while there is no tree.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The epoch of the log that it is over.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>How many entries it is over, as text; <see cref="Size"/> is the number.</summary>
    public string SizeText { get; init; } = "";

    /// <summary>Its root, as text.</summary>
    public string RootText { get; init; } = "";

    /// <summary>The signed checkpoint; empty before the first one.</summary>
    public string Note { get; init; } = "";

    /// <summary>When that was signed.</summary>
    public DateTimeOffset SignedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>
    /// Entries below this number that are gone or damaged still get a leaf: the one that a former tree had, or that of a lost entry.
    /// </summary>
    public long Base { get; init; }

    /// <summary>The origins of the trees that this one follows, the last one first, with spaces between.</summary>
    public string Former { get; init; } = "";

    /// <summary>Why nothing may be signed, in a sentence; empty when all is well.</summary>
    public string Refused { get; init; } = "";

    /// <summary>The hashes of each level's partial tile.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Partials { get; init; } = [];

    /// <summary>How many entries it is over; -1 when the store says something else than a number there.</summary>
    public long Size => SizeText.Length == 0 ? 0 : Number(SizeText) ?? -1;

    /// <summary>Whether the store holds anything of a tree.</summary>
    public bool Exists => Origin.Length > 0 || SizeText.Length > 0 || RootText.Length > 0;

    /// <summary>The origins of the trees that this one follows, the last one first.</summary>
    public IReadOnlyList<string> FormerOrigins => Former.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What tells this tree from every other one, as <c>publish.lua</c> compares it.</summary>
    public RedisValue[] Identity => [Origin, Epoch, SizeText, RootText];

    /// <summary>Gives the name of the field of a level's partial tile.</summary>
    public static RedisValue PartialField(int level) => string.Create(CultureInfo.InvariantCulture, $"p{level}");

    /// <summary>Gives the name of the field of a full tile that has no key of its own yet.</summary>
    public static RedisValue TileField(Tile tile) => string.Create(CultureInfo.InvariantCulture, $"t:{tile.Level}:{tile.Index}");

    /// <summary>Reads the name of the field of a full tile; null for any other field.</summary>
    public static Tile? ParseTileField(RedisValue field) =>
        field.ToString().Split(':') is ["t", var level, var index] && Number(level) is { } l and <= Tile.MaxLevel && Number(index) is { } i
            ? new Tile((int)l, i, Tile.FullWidth)
            : null;

    /// <summary>Takes the values of <see cref="Fields"/>.</summary>
    public static TreeState Read(RedisValue[] values)
    {
        string Text(int field) => (string?)values[field] ?? "";
        return new TreeState
        {
            Origin = Text(0),
            Epoch = Text(1),
            SizeText = Text(2),
            RootText = Text(3),
            Note = Text(4),
            SignedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Min(Number(Text(5)) ?? 0, MaxMilliseconds)),
            Base = Number(Text(6)) ?? 0,
            Former = Text(7),
            Refused = Text(8),
            Partials = [.. values[FirstPartial..].Select(value => (ReadOnlyMemory<byte>)value)],
        };
    }

    /// <summary>Gives the fields and values of a tree, ready to be written: all but its full tiles.</summary>
    public IEnumerable<RedisValue> Write()
    {
        yield return "origin";
        yield return Origin;
        yield return "epoch";
        yield return Epoch;
        yield return "size";
        yield return SizeText;
        yield return "root";
        yield return RootText;
        yield return "note";
        yield return Note;
        yield return "time";
        yield return SignedAt.ToUnixTimeMilliseconds();
        yield return "base";
        yield return Base;
        yield return "former";
        yield return Former;
        yield return "refused";
        yield return Refused;
        for (var level = 0; level <= Tile.MaxLevel; level++)
        {
            yield return PartialField(level);
            yield return level < Partials.Count ? Partials[level] : Array.Empty<byte>();
        }
    }

    /// <summary>Whether another read has given the same tree, to the byte.</summary>
    public bool IsSameAs(TreeState other) =>
        Identity.SequenceEqual(other.Identity) && Note == other.Note && Partials.Count == other.Partials.Count
            && Partials.Zip(other.Partials).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));

    /// <summary>Gives the tree that this one has become.</summary>
    public TreeState With(string epoch, TreeEdge edge, Checkpoint checkpoint, SignedNote note, DateTimeOffset now) => this with
    {
        Origin = checkpoint.Origin,
        Epoch = epoch,
        SizeText = checkpoint.Size.ToString(CultureInfo.InvariantCulture),
        RootText = checkpoint.Root.ToString(),
        Note = note.ToString(),
        SignedAt = now,
        Partials = [.. Enumerable.Range(0, Tile.MaxLevel + 1).Select(level => (ReadOnlyMemory<byte>)edge.Partial(level))],
    };

    /// <summary>Gives the checkpoint; null when there is none, or it can't be read.</summary>
    public PublishedCheckpoint? ReadCheckpoint() =>
        SignedNote.TryParse(Note, out var note) && Checkpoint.TryParse(note.Text, out var checkpoint)
            ? new PublishedCheckpoint(checkpoint, note, SignedAt)
            : null;

    private static readonly long MaxMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
