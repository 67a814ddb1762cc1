namespace LogApi.Web.Tests.Live.Connections;

/// <summary>A connection whose client takes a write when the test says so.</summary>
internal sealed class GatedStream : MemoryStream
{
    private TaskCompletionSource _taken = New();

    public void Take()
    {
        var taken = _taken;
        _taken = New();
        taken.SetResult();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return new ValueTask(_taken.Task);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
