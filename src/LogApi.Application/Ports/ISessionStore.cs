using LogApi.Application.Common.Errors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Ports;

/// <summary>
/// Who holds which session. The token itself is stored nowhere. Every method throws
/// <see cref="StoreUnavailableException"/> when the store does not answer.
/// </summary>
public interface ISessionStore
{
    /// <summary>Starts a session.</summary>
    /// <param name="token">The secret that the holder will show.</param>
    /// <param name="userId">Whose session.</param>
    /// <param name="lifetime">When it ends by itself.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task StartAsync(SessionToken token, UserId userId, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Gives whose session it is; none when it was never started, has ended or has expired.</summary>
    ValueTask<UserId?> FindAsync(SessionToken token, CancellationToken cancellationToken);

    /// <summary>Ends a session in every process at once. Ending one that is not there does nothing.</summary>
    Task EndAsync(SessionToken token, CancellationToken cancellationToken);
}
