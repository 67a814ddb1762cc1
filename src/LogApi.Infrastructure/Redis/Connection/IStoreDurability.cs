namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>What a store leaves to its clients before an answer means 'stored'.</summary>
internal interface IStoreDurability
{
    /// <summary>
    /// Whether a script's effects survive a crash all or not at all, whatever keys it declares. When not, a script must declare
    /// every key and leave a trace by which its next run can undo a torn one.
    /// </summary>
    bool AppliesScriptsWhole { get; }

    /// <summary>Completes when every write answered before this call is as durable as the store makes it.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}

/// <summary>Redis: scripts are atomic, and an answer already means what its fsync policy says.</summary>
internal sealed class RedisDurability : IStoreDurability
{
    public bool AppliesScriptsWhole => true;

    public Task CommitAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
