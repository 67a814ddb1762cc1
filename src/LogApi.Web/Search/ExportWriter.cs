using System.IO.Pipelines;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Search;

/// <summary>Writes an export in one of its forms.</summary>
internal abstract class ExportWriter(PipeWriter body)
{
    /// <summary>The media type, with its parameters.</summary>
    public abstract string ContentType { get; }

    /// <summary>What the name of a file of this form ends with.</summary>
    public abstract string Extension { get; }

    /// <summary>How many entries have been written.</summary>
    public long Count { get; protected set; }

    protected PipeWriter Body { get; } = body;

    /// <summary>Writes what comes before the entries.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Writes an entry, or what stands in its place when it can't be given out.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="proof">The proof that it is in the tree; null when that was not asked for.</param>
    public abstract void Write(StoredRecord entry, IReadOnlyList<TreeHash>? proof);

    /// <summary>Writes what comes after the entries.</summary>
    /// <param name="nextCursor">Where to go on.</param>
    /// <param name="hasMore">Whether there are more entries.</param>
    /// <param name="withProofs">Whether proofs were asked for.</param>
    /// <param name="checkpoint">The signed checkpoint that they lead to; null while there is none.</param>
    public virtual void End(string? nextCursor, bool hasMore, bool withProofs, SignedNote? checkpoint)
    {
    }
}
