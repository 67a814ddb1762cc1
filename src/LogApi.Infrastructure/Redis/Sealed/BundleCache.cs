namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>The sealed bundles that were used last, up to <c>SEALED_CACHE_BYTES</c>, decompressed.</summary>
internal sealed class BundleCache(SealedOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Bundle, SealedBundle Content)>> _nodes = [];
    private readonly LinkedList<(long Bundle, SealedBundle Content)> _newestFirst = [];
    private long _bytes;
    private long _firstKept;
    private long _generation;
    private long _redactions;

    /// <summary>How many bytes are kept now.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    /// <summary>Gives a bundle that is kept, or nothing.</summary>
    public SealedBundle? Find(long bundle)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(bundle, out var node)) return null;
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Content;
        }
    }

    /// <summary>Keeps a bundle, and lets go of those not used for the longest time.</summary>
    /// <param name="before">
    /// The head as it was known before the bundle was read; it is not kept when there is another generation since, or something was redacted.
    /// </param>
    /// <param name="bundle">The bundle's number.</param>
    /// <param name="content">The bundle.</param>
    public void Add(LogExtent before, long bundle, SealedBundle content)
    {
        lock (_lock)
        {
            if (before.Generation != _generation || before.Head.Redactions != _redactions) return;
            if (bundle < _firstKept || content.Bytes > options.CacheBytes) return;
            Remove(bundle);
            _nodes[bundle] = _newestFirst.AddFirst((bundle, content));
            _bytes += content.Bytes;
            while (_bytes > options.CacheBytes) Remove(_newestFirst.Last!.Value.Bundle);
        }
    }

    /// <summary>Lets go of what earlier generations had, of what has been dropped, and of all when something was redacted.</summary>
    public void Follow(LogExtent extent)
    {
        var (generation, firstKept, redactions) = (extent.Generation, extent.FirstBundle, extent.Head.Redactions);
        lock (_lock)
        {
            if (generation < _generation) return;
            var isOther = generation > _generation || redactions > _redactions;
            if (!isOther && firstKept <= _firstKept) return;
            foreach (var bundle in _nodes.Keys.Where(bundle => isOther || bundle < firstKept).ToList()) Remove(bundle);
            (_generation, _firstKept, _redactions) = (generation, firstKept, redactions);
        }
    }

    private void Remove(long bundle)
    {
        if (!_nodes.Remove(bundle, out var node)) return;
        _newestFirst.Remove(node);
        _bytes -= node.Value.Content.Bytes;
    }
}
