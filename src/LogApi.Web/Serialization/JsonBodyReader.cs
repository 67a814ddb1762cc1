using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LogApi.Web.Configuration;
using LogApi.Web.Errors;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Serialization;

/// <summary>
/// Reads JSON bodies. It keeps the bytes until they are understood, so that a body that is not can be explained: the
/// serializer's own messages name types of this program and can't tell the kinds of fault apart.
/// </summary>
internal sealed class JsonBodyReader : InputFormatter
{
    private const string PlainEncoding = "identity";

    private readonly long _maxBytes;

    public JsonBodyReader(HttpOptions options)
    {
        _maxBytes = options.MaxBodyBytes;
        SupportedMediaTypes.Add(new MediaTypeHeaderValue("application/json"));
    }

    public override bool CanRead(InputFormatterContext context) => base.CanRead(context)
        && (!MediaTypeHeaderValue.TryParse(context.HttpContext.Request.ContentType, out var type) || IsUtf8(type));

    // The base class takes an empty body for no value; here it is JSON that ends too early.
    public override Task<InputFormatterResult> ReadAsync(InputFormatterContext context) => ReadRequestBodyAsync(context);

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context)
    {
        var request = context.HttpContext.Request;
        if (!IsPlain(request.Headers.ContentEncoding.ToString())) throw Packed();
        if (request.ContentLength > _maxBytes) throw TooLarge();

        var type = ApiJson.Context.GetTypeInfo(context.ModelType)
            ?? throw new InvalidOperationException($"{context.ModelType} is missing in {nameof(ApiJsonContext)}.");
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.HttpContext.RequestAborted);
            var consumed = read.Buffer.Start;
            try
            {
                if (read.Buffer.Length > _maxBytes) throw TooLarge();
                if (!read.IsCompleted) continue;
                consumed = read.Buffer.End;
                return InputFormatterResult.Success(Parse(read.Buffer, type));
            }
            finally
            {
                // On a failure too: the server reads what is left of a body before it takes the next request.
                body.AdvanceTo(consumed, read.Buffer.End);
            }
        }
    }

    /// <summary>Whether a body is in UTF-8, as JSON between systems is (RFC 8259 §8.1).</summary>
    public static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static object Parse(in ReadOnlySequence<byte> body, JsonTypeInfo type)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref json, type);

            // Reads on to refuse anything that follows the value.
            json.Read();
            if (value is not null) return value;
        }
        catch (JsonException)
        {
            throw new FailureException(JsonDiagnosis.Of(body, type));
        }

        throw new FailureException(JsonDiagnosis.Of(body, type));
    }

    private static bool IsPlain(string encoding) =>
        string.IsNullOrWhiteSpace(encoding) || encoding.Trim().Equals(PlainEncoding, StringComparison.OrdinalIgnoreCase);

    private static FailureException Packed() => new(
        new Failure(ProblemKinds.UnsupportedEncoding, "Send this body as it is, without a content encoding.") { Accepts = PlainEncoding });

    private FailureException TooLarge() =>
        new(new Failure(ProblemKinds.BodyTooLarge, $"The body is over the limit of {_maxBytes} bytes (MAX_BODY_BYTES)."));
}
