using System.Globalization;
using System.Text;
using System.Text.Json;
using LogApi.Domain.Transparency;

namespace LogApi.Domain.Tests.Transparency;

/// <summary>Known answers for trees and notes, made by the Go toolchain's own packages.</summary>
internal static class TreeVectors
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "vectors", "tlog.json"))).RootElement;

    public static string VerifierKey => Root.GetProperty("vkey").GetString()!;

    public static IReadOnlyDictionary<long, TreeHash> Roots { get; } =
        Root.GetProperty("roots").EnumerateObject().ToDictionary(root => Number(root.Name), root => Hash(root.Value));

    public static IReadOnlyDictionary<long, string> Checkpoints { get; } =
        Root.GetProperty("checkpoints").EnumerateObject().ToDictionary(note => Number(note.Name), note => note.Value.GetString()!);

    public static IEnumerable<(long Size, long Index, TreeHash[] Proof)> Inclusion => Root.GetProperty("inclusion").EnumerateArray()
        .Select(known => (known.GetProperty("Size").GetInt64(), known.GetProperty("Index").GetInt64(), Proof(known)));

    public static IEnumerable<(long Old, long New, TreeHash[] Proof)> Consistency => Root.GetProperty("consistency").EnumerateArray()
        .Select(known => (known.GetProperty("Old").GetInt64(), known.GetProperty("New").GetInt64(), Proof(known)));

    public static TreeHash Leaf(long index) =>
        TreeHash.OfLeaf(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"leaf {index}")));

    private static TreeHash[] Proof(JsonElement known) => [.. known.GetProperty("Proof").EnumerateArray().Select(Hash)];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static TreeHash Hash(JsonElement text) =>
        TreeHash.TryParse(text.GetString(), out var hash) ? hash : throw new InvalidDataException(text.GetRawText());
}
