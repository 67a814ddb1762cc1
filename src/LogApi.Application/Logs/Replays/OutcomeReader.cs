namespace LogApi.Application.Logs.Replays;

/// <summary>Reads what <see cref="OutcomeWriter"/> wrote.</summary>
internal sealed class OutcomeReader(ReadOnlyMemory<byte> outcome) : IDisposable
{
    private readonly BinaryReader _reader = new(new MemoryStream(outcome.ToArray()));
    private OutcomeRow _first;
    private int _count;
    private int _taken;

    /// <summary>Gives the row that belongs to the same run at a place of it.</summary>
    public static OutcomeRow After(in OutcomeRow first, int places) =>
        first.Kind is OutcomeKind.Stored or OutcomeKind.Earlier ? first with { Sequence = first.Sequence + places } : first;

    /// <summary>Gives the next row, or nothing at the end.</summary>
    public OutcomeRow? Next()
    {
        if (_taken == _count)
        {
            if (_reader.BaseStream.Position == _reader.BaseStream.Length) return null;
            ReadRun();
        }

        return After(_first, _taken++);
    }

    public void Dispose() => _reader.Dispose();

    private void ReadRun()
    {
        var kind = (OutcomeKind)_reader.Read7BitEncodedInt();
        (_count, _taken) = (_reader.Read7BitEncodedInt(), 0);
        var (sequence, secret) = kind is OutcomeKind.Stored or OutcomeKind.Earlier ? (_reader.Read7BitEncodedInt64(), _reader.ReadUInt32()) : (-1, 0);
        var time = kind == OutcomeKind.Earlier ? new DateTime(_reader.Read7BitEncodedInt64(), DateTimeKind.Utc) : default;
        _first = new OutcomeRow(kind, sequence, secret, time);
    }
}
