namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Up to 256 neighbouring records of the log, hot or sealed, as they are read. It does not change, and may be used by several
/// threads at once.
/// </summary>
internal abstract class LogBundle
{
    /// <summary>How many places it has: fewer than 256 only at the end of the log. A record may still be gone from its place.</summary>
    public abstract int Count { get; }

    /// <summary>Gives the record at a place; empty when it is gone.</summary>
    public abstract ReadOnlyMemory<byte> RecordAt(int place);

    /// <summary>
    /// Gives the parts of the record at a place without putting the record together; the id and hash are left out. False for a
    /// record that is gone or was changed into another form than this service writes.
    /// </summary>
    public abstract bool TryGetFields(int place, out RecordFields fields);
}
