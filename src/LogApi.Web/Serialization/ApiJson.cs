using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogApi.Web.Serialization;

/// <summary>How bodies are read and written.</summary>
internal static class ApiJson
{
    /// <summary>The build-time code, with <see cref="Apply"/> in force.</summary>
    public static readonly ApiJsonContext Context = new(Apply(new JsonSerializerOptions()));

    /// <summary>Applies the rules of the wire contract, with the code made at build time.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = ApiJsonContext.Default;
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;

        // Two readers may disagree about which of two members counts, so a body that names one twice is refused.
        options.AllowDuplicateProperties = false;

        // The bodies are JSON documents, never part of a page's markup; text stays readable and short.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
