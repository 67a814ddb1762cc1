using System.Buffers;

namespace LogApi.Domain.Search;

/// <summary>The text that a JSON string stands for: the string itself, unless it holds escapes.</summary>
internal readonly ref struct PlainText : IDisposable
{
    private readonly byte[]? _rented;

    /// <param name="value">The string, without its quotes.</param>
    public PlainText(ReadOnlySpan<byte> value)
    {
        Bytes = value;
        IsValid = true;
        if (!value.Contains((byte)'\\')) return;
        _rented = ArrayPool<byte>.Shared.Rent(value.Length);
        IsValid = JsonText.TryUnescape(value, _rented, out var length);
        Bytes = _rented.AsSpan(0, length);
    }

    /// <summary>Whether every escape is one that JSON knows.</summary>
    public bool IsValid { get; }

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }
}
