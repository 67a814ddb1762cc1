namespace LogApi.Application.Ports;

/// <summary>How many live connections there are over all processes. A process that dies is forgotten within seconds.</summary>
public interface IConnectionRegistry
{
    /// <summary>Says how many connections this process has, and gives the total over all processes.</summary>
    /// <exception cref="Common.Errors.StoreUnavailableException">The store does not answer.</exception>
    Task<long> ReportAsync(int connections, CancellationToken cancellationToken);
}
