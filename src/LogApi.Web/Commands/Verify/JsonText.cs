using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LogApi.Web.Commands.Verify;

/// <summary>Reads JSON that nobody vouches for.</summary>
internal static class JsonText
{
    private const int MaxDepth = 8;

    // Two readers may disagree about which of two members counts.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads one object, whose texts are all valid Unicode.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            var read = JsonDocument.Parse(json, Options);
            if (read.RootElement.ValueKind == JsonValueKind.Object && IsText(read.RootElement)) document = read;
            else read.Dispose();
        }
        catch (JsonException)
        {
            return false;
        }

        return document is not null;
    }

    /// <inheritdoc cref="TryRead(ReadOnlyMemory{byte}, out JsonDocument?)"/>
    public static bool TryRead(string json, [NotNullWhen(true)] out JsonDocument? document) =>
        TryRead(System.Text.Encoding.UTF8.GetBytes(json), out document);

    /// <summary>Gives a member that is text.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>Gives a member that is an integer.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) ? number : null;

    /// <summary>Gives a member that is a list of tree hashes.</summary>
    public static Domain.Transparency.TreeHash[]? Hashes(this JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) return null;
        var hashes = new Domain.Transparency.TreeHash[list.GetArrayLength()];
        var next = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !Domain.Transparency.TreeHash.TryParse(item.GetString(), out hashes[next++])) return null;
        }

        return hashes;
    }

    // The parser leaves escaped lone surrogates and bytes that are not UTF-8 to whoever asks for the text.
    private static bool IsText(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.Object => json.EnumerateObject().All(static member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => json.EnumerateArray().All(IsText),

                // Most texts are hashes, which need no second look.
                JsonValueKind.String => Ascii.IsValid(JsonMarshal.GetRawUtf8Value(json)) && !JsonMarshal.GetRawUtf8Value(json).Contains((byte)'\\')
                    || json.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
