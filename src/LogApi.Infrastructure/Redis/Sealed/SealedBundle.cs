using LogApi.Domain.Entries;
using static LogApi.Infrastructure.Redis.Sealed.BundleFormat;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>A bundle that was read from <see cref="BundleFormat"/>. The texts are inflated when they are first asked for.</summary>
internal sealed class SealedBundle : LogBundle
{
    private readonly ReadOnlyMemory<byte> _blob;
    private readonly EntryForm[]? _forms;
    private readonly long[] _micros;
    private readonly int[]? _template;
    private readonly int[]? _idAt;
    private readonly int _ids;
    private readonly int _hashes;
    private readonly int _sides;
    private readonly int[]? _sideAt;
    private readonly int _sideWidth;
    private readonly int _textLength;
    private readonly int _text;
    private volatile SealedText? _texts;

    /// <exception cref="InvalidDataException">These bytes are no sealed bundle.</exception>
    private SealedBundle(ReadOnlyMemory<byte> blob)
    {
        _blob = blob;
        var rest = blob.Span;
        if (Take(ref rest, 1)[0] != FormatVersion) throw new InvalidDataException("The version is not known.");
        Count = ReadLength(ref rest, RedisKeys.BundleSize);
        _sideWidth = ReadLength(ref rest, byte.MaxValue);
        Templated = Count;
        var (idBytes, sideBytes) = (Count * (UuidBytes.Length - UuidBytes.TimeLength), Count * _sideWidth);
        if (Take(ref rest, 1)[0] != 0)
        {
            _forms = Array.ConvertAll(Take(ref rest, Count).ToArray(), form => (EntryForm)form);
            (_template, _idAt, _sideAt) = (new int[Count], new int[Count], new int[Count]);
            (Templated, idBytes, sideBytes) = Lay(_forms, _template, _idAt, _sideAt, _sideWidth);
        }

        _micros = ReadTimes(Take(ref rest, ReadLength(ref rest, rest.Length)), Templated);
        _ids = blob.Length - rest.Length;
        _hashes = _ids + idBytes;
        _sides = _hashes + (Templated * RecordFields.HashLength / 2);
        Take(ref rest, _sides + sideBytes - _ids);
        _textLength = ReadLength(ref rest, MaxTextLength);
        _text = blob.Length - rest.Length;
    }

    public override int Count { get; }

    /// <summary>About how much memory it takes, once its texts are inflated.</summary>
    public int Bytes => _blob.Length + _textLength + (Templated * ((Columns * sizeof(int)) + sizeof(long))) + 512;

    /// <summary>How many records are templated.</summary>
    private int Templated { get; }

    // Two threads may both make it: the same, twice.
    private SealedText Texts =>
        _texts ??= new SealedText(Inflate(_blob[_text..], _textLength), Templated, Count - Templated, OtherSides);

    private int OtherSides => _forms?.Count(form => form.HasFlag(EntryForm.OtherSide)) ?? 0;

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="InvalidDataException">
    /// These bytes are no sealed bundle. Also thrown later, when the texts are first asked for and can't be inflated, unless
    /// <see cref="Open"/> was called before.
    /// </exception>
    public static SealedBundle Decode(ReadOnlyMemory<byte> blob) => new(blob);

    /// <summary>Inflates the texts now.</summary>
    /// <exception cref="InvalidDataException">They can't be.</exception>
    public SealedBundle Open()
    {
        _ = Texts;
        return this;
    }

    public override ReadOnlyMemory<byte> RecordAt(int place)
    {
        if (place >= Count) return default;
        if (_template is not null && _template[place] < 0) return Texts.WholeAt(~_template[place]);

        Span<byte> id = stackalloc byte[UuidBytes.Length];
        Span<byte> idText = stackalloc byte[RecordFields.IdLength];
        Span<byte> hash = stackalloc byte[RecordFields.HashLength];
        TryGetId(place, id);
        UuidBytes.Write(id, idText);
        var row = _template is null ? place : _template[place];
        var hashBytes = _blob.Span.Slice(_hashes + (row * RecordFields.HashLength / 2), RecordFields.HashLength / 2);
        Convert.TryToHexStringLower(hashBytes, hash, out _);
        var fields = FieldsAt(row, idText, hash);
        var record = GC.AllocateUninitializedArray<byte>(fields.RecordLength);
        fields.Join(record);
        return record;
    }

    public override bool TryGetFields(int place, out RecordFields fields)
    {
        fields = default;
        if (place >= Count || _template is not null && _template[place] < 0) return false;
        fields = FieldsAt(_template is null ? place : _template[place], default, default);
        return true;
    }

    /// <summary>
    /// Gives when the service accepted an entry, in microseconds since 1970; without inflating the texts, but for a redacted one.
    /// </summary>
    public bool TryGetMicros(int place, out long micros)
    {
        micros = 0;
        if (place >= Count) return false;
        if (_template is not null && _template[place] < 0)
        {
            if (!RedactedRecord.TryDecode(Texts.WholeAt(~_template[place]).Span, out var redacted)) return false;
            micros = (redacted.Leaf.Timestamp.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            return true;
        }

        micros = _micros[_template is null ? place : _template[place]];
        return true;
    }

    /// <summary>Gives the id, 16 bytes, that an entry is stored under; without inflating the texts.</summary>
    public bool TryGetId(int place, Span<byte> id)
    {
        var form = FormAt(place);
        if (form.HasFlag(EntryForm.NoId)) return false;
        var at = _ids + (_idAt is null ? place * (UuidBytes.Length - UuidBytes.TimeLength) : _idAt[place]);
        if (form.HasFlag(EntryForm.FullId))
        {
            _blob.Span.Slice(at, UuidBytes.Length).CopyTo(id);
        }
        else
        {
            UuidBytes.WriteTime(_micros[_template is null ? place : _template[place]], id);
            _blob.Span.Slice(at, UuidBytes.Length - UuidBytes.TimeLength).CopyTo(id[UuidBytes.TimeLength..]);
        }

        return true;
    }

    /// <summary>Finds the place of an id; -1 when it is not here. Without inflating the texts.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        Span<byte> each = stackalloc byte[UuidBytes.Length];
        for (var place = 0; place < Count; place++)
        {
            if (TryGetId(place, each) && each.SequenceEqual(id)) return place;
        }

        return -1;
    }

    /// <summary>Whether an entry's id alone leads to it, through its time: then no index has it.</summary>
    public bool IsLocatable(int place)
    {
        Span<byte> id = stackalloc byte[UuidBytes.Length];
        return TryGetId(place, id) && TryGetMicros(place, out var micros) && UuidBytes.IsOfTime(id, micros);
    }

    /// <summary>Gives what stands beside the id.</summary>
    public ReadOnlyMemory<byte> SideAt(int place)
    {
        if (FormAt(place).HasFlag(EntryForm.OtherSide)) return Texts.OtherSideAt(~_sideAt![place]);
        return _blob.Slice(_sides + (_sideAt is null ? place * _sideWidth : _sideAt[place]), _sideWidth);
    }

    // Where each entry's parts are: a place in its column, or the complement of the count of those before it in the texts.
    private static (int Templated, int IdBytes, int SideBytes) Lay(
        EntryForm[] forms, int[] template, int[] idAt, int[] sideAt, int sideWidth)
    {
        var (templated, whole, ids, sides, others) = (0, 0, 0, 0, 0);
        for (var i = 0; i < forms.Length; i++)
        {
            var form = forms[i];
            if (form.HasFlag(EntryForm.Whole) && (form & (EntryForm.FullId | EntryForm.NoId)) == EntryForm.Plain)
                throw new InvalidDataException("A time that an id should follow from is missing.");
            template[i] = form.HasFlag(EntryForm.Whole) ? ~whole++ : templated++;
            idAt[i] = ids;
            if (form.HasFlag(EntryForm.FullId)) ids += UuidBytes.Length;
            else if (!form.HasFlag(EntryForm.NoId)) ids += UuidBytes.Length - UuidBytes.TimeLength;
            sideAt[i] = form.HasFlag(EntryForm.OtherSide) ? ~others++ : sides++ * sideWidth;
        }

        return (templated, ids, sides * sideWidth);
    }

    private static long[] ReadTimes(ReadOnlySpan<byte> source, int count)
    {
        var (earliest, latest) = (FromTicks(DateTime.MinValue), FromTicks(DateTime.MaxValue));
        var times = new long[count];
        var last = 0L;
        for (var i = 0; i < count; i++)
        {
            last += UnfoldSign(ReadNumber(ref source));
            if (last < earliest || last > latest) throw new InvalidDataException("A time is out of bounds.");
            times[i] = last;
        }

        return source.IsEmpty ? times : throw new InvalidDataException("There are more times than records.");

        static long FromTicks(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    private EntryForm FormAt(int place) => _forms is null ? EntryForm.Plain : _forms[place];

    private RecordFields FieldsAt(int row, ReadOnlySpan<byte> id, ReadOnlySpan<byte> hash)
    {
        var texts = Texts;
        return new RecordFields
        {
            Id = id,
            User = texts.Line(0, row),
            Status = texts.Line(1, row),
            Query = texts.Line(2, row),
            Context = texts.Line(3, row),
            Micros = _micros[row],
            Hash = hash,
        };
    }
}
