using LogApi.Application.Common.Errors;

namespace LogApi.Application.Ports;

/// <summary>Starts the log anew, under another name, when nothing more may be signed under the one it had.</summary>
public interface ILogRestart
{
    /// <summary>
    /// Opens the store, appends an entry that says what was and why, puts an empty tree under this process's name in the place of the
    /// one that is there, and closes the store. What was cut off may be done again.
    /// </summary>
    /// <param name="reason">Why, in the operator's words; up to 1,024 characters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StartRefusedException">It can't be done; the message says why.</exception>
    Task<RestartedLog> RunAsync(string reason, CancellationToken cancellationToken);
}

/// <summary>A log that was started anew.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="PreviousOrigin">The name before; empty when nothing tells it.</param>
/// <param name="PreviousSize">How many entries were signed under that.</param>
/// <param name="Problem">Why nothing more could be; empty when nothing was wrong.</param>
/// <param name="Sequence">The place of the entry that tells of all this.</param>
/// <param name="EntryId">The id of that one.</param>
public sealed record RestartedLog(
    string Origin, string PreviousOrigin, long PreviousSize, string Problem, long Sequence, string EntryId);
