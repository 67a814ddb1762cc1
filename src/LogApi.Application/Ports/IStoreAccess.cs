using LogApi.Application.Common.Errors;

namespace LogApi.Application.Ports;

/// <summary>Opens the store for a command that is no service. It is closed with whatever gave this.</summary>
public interface IStoreAccess
{
    /// <summary>Opens it.</summary>
    /// <exception cref="StartRefusedException">It can't be opened, or must not be used.</exception>
    Task OpenAsync(CancellationToken cancellationToken);
}
