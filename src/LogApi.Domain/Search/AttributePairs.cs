namespace LogApi.Domain.Search;

/// <summary>Goes through the pairs of an <c>attributes</c> object where it stands in a record.</summary>
/// <param name="text">The object from its opening brace on; what follows it is not looked at.</param>
internal ref struct AttributePairs(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The current key: JSON text without its quotes.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>The current value: JSON text without its quotes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>How many bytes of the object have been read.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the object was read to its closing brace.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Goes to the next pair; there is none after the last, and after what is not of this form.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> start = Length == 0 ? "{\""u8 : ",\""u8;
        if (IsComplete || !_text[Length..].StartsWith(start)) return false;
        Length += start.Length;
        if (!TryTake(out var key) || !_text[Length..].StartsWith(":\""u8)) return false;
        Length += 2;
        if (!TryTake(out var value)) return false;
        Key = key;
        Value = value;
        if (Length < _text.Length && _text[Length] == '}')
        {
            Length++;
            IsComplete = true;
        }

        return true;
    }

    private bool TryTake(out ReadOnlySpan<byte> value)
    {
        value = default;
        var length = JsonText.LengthOf(_text[Length..]);
        if (length < 0) return false;
        value = _text.Slice(Length, length);
        Length += length + 1;
        return true;
    }
}
