using LogApi.Application.Logs.CreateLogs;

namespace LogApi.Application.Tests.Logs.CreateLogs;

/// <summary>Items that are all there already.</summary>
internal sealed class ItemList(params LogItem?[] items) : ILogItems
{
    private int _next;

    public ReadOnlyMemory<byte> BodyDigest { get; init; }

    public ValueTask<bool> ReadAsync(IList<LogItem?> read, int maxCount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (read.Count < maxCount && _next < items.Length) read.Add(items[_next++]);
        return ValueTask.FromResult(_next < items.Length);
    }
}
