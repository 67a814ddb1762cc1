using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>How many live clients this process has, and the bound on them.</summary>
internal sealed class LiveConnections(LiveOptions options)
{
    private int _count;
    private long _others;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many all processes have, as far as this one knows.</summary>
    public long Total => Interlocked.Read(ref _others) + Count;

    /// <summary>Set when <see cref="Count"/> has changed.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>Learns how many the other processes have.</summary>
    public void SetOthers(long count) => Interlocked.Exchange(ref _others, count);

    /// <summary>Counts one more, unless there are as many as may be.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) > options.MaxConnections)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        Changed.Set();
        return true;
    }

    /// <summary>Counts one less.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _count);
        Changed.Set();
    }
}
