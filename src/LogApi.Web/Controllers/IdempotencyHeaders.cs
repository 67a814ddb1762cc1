using LogApi.Application.Common.Idempotency;
using LogApi.Web.Errors;

namespace LogApi.Web.Controllers;

/// <summary>The headers of requests that a client may send again.</summary>
internal static class IdempotencyHeaders
{
    /// <summary>What the client calls its request.</summary>
    public const string Key = "Idempotency-Key";

    /// <summary>Says that the answer is that of an earlier request.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>What the documentation says of <see cref="Key"/>.</summary>
    public const string KeyDescription =
        "What you call this request, to send it again without doing it twice: 1 to 255 visible ASCII characters, in quotes or without. "
        + "Remembered for 24 hours unless the operator has set another time.";

    /// <summary>What the documentation says of <see cref="Replayed"/>.</summary>
    public const string ReplayedDescription = "`true` when this is the answer to the same request that was sent before.";

    /// <summary>Reads the key, if there is one.</summary>
    /// <param name="bound">The header as the framework has bound it, which takes an empty one for none.</param>
    /// <param name="request">The request itself.</param>
    /// <exception cref="FailureException">The header is no key.</exception>
    public static IdempotencyKey? Read(string? bound, HttpRequest request)
    {
        var values = request.Headers[Key];
        if (bound is null && values.Count == 0) return null;
        if (values.Count == 1 && IdempotencyKey.TryParse(values[0], out var key)) return key;
        var problem = IdempotencyKey.Check(header: null)!;
        throw new FailureException(Failure.OfFields(new Dictionary<string, string[]>(StringComparer.Ordinal) { [Key] = [problem] }));
    }

    /// <summary>Says in the answer that it is that of an earlier request.</summary>
    public static void SayReplayed(HttpResponse response) => response.Headers[Replayed] = "true";
}
