using LogApi.Application.Common.Errors;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Embedded;

/// <summary>The embedded store answers before it has written, and writes a script's effects one by one.</summary>
internal sealed class EmbeddedDurability : IStoreDurability
{
    private volatile EmbeddedStore? _store;

    public bool AppliesScriptsWhole => false;

    /// <summary>Says which store runs; none before it has started and after it has stopped.</summary>
    public void Use(EmbeddedStore? store) => _store = store;

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">The store does not run, or its disk did not take the writes.</exception>
    public Task CommitAsync(CancellationToken cancellationToken) =>
        _store?.CommitAsync(cancellationToken) ?? throw new StoreUnavailableException(StoreFailure.OutcomeUnknown);
}
