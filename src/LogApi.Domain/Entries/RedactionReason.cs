namespace LogApi.Domain.Entries;

/// <summary>Why an entry is redacted: 1 to 1,024 characters, Unicode scalar values. It stays in the log.</summary>
public static class RedactionReason
{
    /// <summary>The longest reason, in Unicode scalar values.</summary>
    public const int MaxLength = LogAttributes.MaxValueLength;

    /// <summary>Says what is wrong with a reason and what is accepted, or nothing when it can be stored.</summary>
    public static string? Check(string? text)
    {
        if (text is null) return $"is required: 1 to {MaxLength} characters";
        var length = 0;
        foreach (var rune in new ScalarValues(text))
        {
            if (rune is null) return "must be valid Unicode, without lone surrogates";
            length++;
        }

        return length is >= 1 and <= MaxLength ? null : $"must be 1 to {MaxLength} characters; it has {length}";
    }
}
