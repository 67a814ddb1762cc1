namespace LogApi.Application.Ports;

/// <summary>What the store is and whether it can be written to.</summary>
public interface IStoreMonitor
{
    /// <summary>Asks the store. Never throws for a store that is down: that is one of the answers.</summary>
    Task<StoreStatus> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>The state of the store.</summary>
/// <param name="Kind">The product, such as <c>redis</c> or <c>embedded</c>.</param>
/// <param name="Ready">Whether entries can be stored now.</param>
/// <param name="Durability">What an acknowledged entry survives, by the store's settings, in a word such as <c>fsync-always</c>.</param>
/// <param name="Problem">Why it is not ready, in words an operator can act on; none when it is.</param>
public sealed record StoreStatus(string Kind, bool Ready, string Durability, string? Problem);
