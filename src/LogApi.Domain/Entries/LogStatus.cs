using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LogApi.Domain.Entries;

/// <summary>The outcome of an operation, such as <c>SUCCESS</c>: 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>.</summary>
public sealed record LogStatus
{
    /// <summary>The longest accepted value, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Accepted =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private LogStatus(string value) => Value = value;

    /// <summary>The accepted text, unchanged.</summary>
    public string Value { get; }

    /// <summary>Says what is wrong with <paramref name="text"/> and what is accepted, or nothing when it is a status.</summary>
    public static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return $"is required: 1 to {MaxLength} of A-Z a-z 0-9 _ . -";
        if (text.Length > MaxLength) return $"must be at most {MaxLength} characters; it has {text.Length}";
        return text.AsSpan().ContainsAnyExcept(Accepted) ? "must consist of A-Z a-z 0-9 _ . - only" : null;
    }

    /// <summary>Makes a status when <see cref="Check"/> finds nothing wrong.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LogStatus? status)
    {
        status = Check(text) is null ? new LogStatus(text!) : null;
        return status is not null;
    }

    /// <summary>Makes a status from text that was checked before.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds something wrong.</exception>
    public static LogStatus Create(string? text) =>
        TryCreate(text, out var value) ? value : throw new ArgumentException($"A status {Check(text)}.", nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
