using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using LogApi.Domain.Entries;

namespace LogApi.Application.Common.Idempotency;

/// <summary>
/// What a client calls one of its requests, to send it again without doing it twice: 1 to 255 visible characters of ASCII. It is
/// a client's own: that of another user, or of another operation, is another key.
/// </summary>
public sealed record IdempotencyKey
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private IdempotencyKey(string value) => Value = value;

    /// <summary>The key without quotes.</summary>
    public string Value { get; }

    /// <summary>Says what is accepted when <paramref name="header"/> is no key, or nothing when it is one.</summary>
    public static string? Check(string? header) => TryParse(header, out _)
        ? null
        : "must be given once: 1 to 255 visible ASCII characters, in quotes or without; within quotes, \\ stands before a quote or \\";

    /// <summary>
    /// Reads the value of the header: a string of structured fields (RFC 9651 §3.3.3), or the same without quotes when it has
    /// neither quotes, backslashes, commas, semicolons nor spaces.
    /// </summary>
    public static bool TryParse(string? header, [NotNullWhen(true)] out IdempotencyKey? key)
    {
        var text = header?.Trim(' ') ?? "";
        var value = text.StartsWith('"') ? Unquote(text) : text.AsSpan().ContainsAny("\"\\,; ") ? null : text;
        key = value is { Length: >= 1 and <= MaxLength } && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? new IdempotencyKey(value) : null;
        return key is not null;
    }

    /// <summary>Names the request that a key stands for: user, operation and key, in a form that gives none of them away.</summary>
    /// <param name="userId">Whose key it is.</param>
    /// <param name="operation">What is asked for, such as <c>PUT /api/v1/logs</c>.</param>
    public string RequestOf(UserId userId, string operation)
    {
        ArgumentNullException.ThrowIfNull(userId);

        // None of the three can hold a line feed.
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{userId.Value}\n{operation}\n{Value}")));
    }

    /// <summary>Names the type alone: whoever knows a key can have its answer again.</summary>
    public override string ToString() => nameof(IdempotencyKey);

    private static string? Unquote(string text)
    {
        if (text.Length < 2 || !text.EndsWith('"')) return null;
        var value = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '"') return null;
            if (text[i] == '\\' && (++i == text.Length - 1 || text[i] is not ('"' or '\\'))) return null;
            value.Append(text[i]);
        }

        return value.ToString();
    }
}
