using System.Text;

namespace LogApi.Domain.Entries;

/// <summary>Enumerates the Unicode scalar values of a text; a lone surrogate comes out as <see langword="null"/>.</summary>
internal readonly ref struct ScalarValues(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    public Enumerator GetEnumerator() => new(_text);

    public ref struct Enumerator(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public Rune? Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            var status = Rune.DecodeFromUtf16(_rest, out var rune, out var consumed);
            Current = status == System.Buffers.OperationStatus.Done ? rune : null;
            _rest = _rest[consumed..];
            return true;
        }
    }
}
