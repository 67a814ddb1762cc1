using System.Globalization;
using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// Notices that entries wait longer to be signed than they should, whoever should sign them and whatever keeps it from that: a full
/// disk, for example. For use by one thread at a time, but for <see cref="Problem"/>.
/// </summary>
internal sealed class SigningDelay(IntegratorOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    private volatile string? _problem;
    private (long Signed, long Since)? _waiting;

    /// <summary>What waits, in a sentence; null when nothing waits too long.</summary>
    public string? Problem => _problem;

    private TimeSpan Limit => 3 * options.Interval > Least ? 3 * options.Interval : Least;

    /// <summary>Takes a look at the log: how many entries are signed, and how many there are.</summary>
    public void Note(long signed, long stored)
    {
        if (_waiting is not { } waiting || waiting.Signed != signed || stored <= signed)
        {
            if (_problem is not null) logger.SigningGoesOn(signed);
            _problem = null;
            _waiting = stored > signed ? (signed, time.GetTimestamp()) : null;
            return;
        }

        var waited = time.GetElapsedTime(waiting.Since);
        if (waited < Limit) return;
        if (_problem is null) logger.SigningIsLate(signed, (long)waited.TotalSeconds);
        _problem = string.Create(
            CultureInfo.InvariantCulture,
            $"The entries from {signed} on have waited for {(long)waited.TotalSeconds} s to be signed: see the logs of the processes.");
    }
}
