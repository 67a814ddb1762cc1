namespace LogApi.Application.Logs.Replays;

/// <summary>
/// Writes rows in a few bytes: neighbours of the same kind whose places in the log follow one another are one run, of a kind, a
/// count and, when there are entries, the first one's place, the secret's id and the time; each as a number of variable length, but
/// for the id, which is random.
/// </summary>
internal sealed class OutcomeWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;
    private OutcomeRow _first;
    private int _count;

    public OutcomeWriter() => _writer = new BinaryWriter(_bytes);

    public void Add(in OutcomeRow row)
    {
        if (_count > 0 && row == OutcomeReader.After(_first, _count))
        {
            _count++;
            return;
        }

        WriteRun();
        (_first, _count) = (row, 1);
    }

    /// <summary>Gives what was written. Nothing can be added after that.</summary>
    public byte[] ToArray()
    {
        WriteRun();
        _writer.Flush();
        return _bytes.ToArray();
    }

    public void Dispose() => _writer.Dispose();

    private void WriteRun()
    {
        if (_count == 0) return;
        _writer.Write7BitEncodedInt((int)_first.Kind);
        _writer.Write7BitEncodedInt(_count);
        if (_first.Kind is OutcomeKind.Stored or OutcomeKind.Earlier)
        {
            _writer.Write7BitEncodedInt64(_first.Sequence);
            _writer.Write(_first.SecretId);
        }

        if (_first.Kind == OutcomeKind.Earlier) _writer.Write7BitEncodedInt64(_first.EarlierTime.Ticks);
    }
}
