using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LogApi.Domain.Entries;

/// <summary>
/// Who acted: 1 to 128 characters (Unicode scalar values), without control characters and without <c>|</c>, which separates
/// the fields of the hashed text.
/// </summary>
public sealed record UserId
{
    /// <summary>The longest accepted value, in Unicode scalar values.</summary>
    public const int MaxLength = 128;

    private UserId(string value) => Value = value;

    /// <summary>The accepted text, unchanged.</summary>
    public string Value { get; }

    /// <summary>Says what is wrong with <paramref name="text"/> and what is accepted, or nothing when it is a user id.</summary>
    public static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return $"is required: 1 to {MaxLength} characters";

        var length = 0;
        foreach (var rune in new ScalarValues(text))
        {
            if (rune is not { } scalar) return "must be valid Unicode, without lone surrogates";
            if (Rune.IsControl(scalar)) return "must not contain control characters";
            if (scalar.Value == '|') return "must not contain '|', which separates the fields of the hashed text";
            length++;
        }

        return length <= MaxLength ? null : $"must be at most {MaxLength} characters; it has {length}";
    }

    /// <summary>Makes a user id when <see cref="Check"/> finds nothing wrong.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, [NotNullWhen(true)] out UserId? userId)
    {
        userId = Check(text) is null ? new UserId(text!) : null;
        return userId is not null;
    }

    /// <summary>Makes a user id from text that was checked before.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds something wrong.</exception>
    public static UserId Create(string? text) =>
        TryCreate(text, out var value) ? value : throw new ArgumentException($"A user id {Check(text)}.", nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
