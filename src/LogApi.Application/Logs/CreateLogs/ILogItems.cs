namespace LogApi.Application.Logs.CreateLogs;

/// <summary>The items of a batch, in order, as they arrive.</summary>
public interface ILogItems
{
    /// <summary>The SHA-256 of all that was sent; empty when it was not read to its end, or nobody had asked for it.</summary>
    ReadOnlyMemory<byte> BodyDigest { get; }

    /// <summary>Reads the next items.</summary>
    /// <param name="items">
    /// Where to add them: as many as <paramref name="maxCount"/>, fewer only at the end. One that could not be read is null; its
    /// neighbours count all the same, and why it could not is for the reader to tell.
    /// </param>
    /// <param name="maxCount">How many to add at the most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether there may be more.</returns>
    ValueTask<bool> ReadAsync(IList<LogItem?> items, int maxCount, CancellationToken cancellationToken);
}
