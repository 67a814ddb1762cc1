using System.Globalization;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Commands.Verify;

/// <summary>
/// Follows the indexes of an export, which must all rise or all fall. From an export that has every leaf from 0 on, the root of a
/// smaller tree follows as well.
/// </summary>
/// <param name="sizeOfOther">The size of the tree whose root is wanted.</param>
internal sealed class ExportOrder(long? sizeOfOther)
{
    private readonly TreeEdge _edge = TreeEdge.CreateEmpty();

    private long _count;
    private long _first;
    private bool _isFalling;

    /// <summary>The index that came last.</summary>
    public long Last { get; private set; }

    /// <summary>The root of the tree of the wanted size; null when not all of its leaves came, one after another.</summary>
    public TreeHash? RootOfOther { get; private set; }

    /// <summary>Takes the next one; false when it is not behind the ones before.</summary>
    public bool TryAdd(long index, TreeHash leaf)
    {
        if (_count == 0) _first = index;
        else if (_count == 1) _isFalling = index < Last;
        if (_count > 0 && (_isFalling ? index >= Last : index <= Last)) return false;
        Last = index;
        _count++;
        if (sizeOfOther is not { } size || index != _edge.Size || index >= size) return true;
        _edge.Append(leaf, static (_, _) => { });
        if (_edge.Size == size) RootOfOther = _edge.Root();
        return true;
    }

    /// <summary>Says which indexes came, as the rest of a sentence with its full stop.</summary>
    /// <param name="proven">How many entries are proven.</param>
    public string Describe(long proven)
    {
        if (_count < proven) return "but not in order: whether one is missing between them can't be told.";
        if (proven == 1) return string.Create(CultureInfo.InvariantCulture, $"at index {_first}.");
        return IsWhole(proven)
            ? string.Create(CultureInfo.InvariantCulture, $"at the indexes {_first} to {Last} without a gap: no entry is missing between them.")
            : string.Create(CultureInfo.InvariantCulture, $"at indexes from {_first} to {Last}, with gaps.");
    }

    /// <summary>Says what stays open of the entries that are not in the file.</summary>
    public string DescribeRest(long proven, long size)
    {
        var others = string.Create(CultureInfo.InvariantCulture, $"Anything of the other {size - proven} of the log's {size} entries");
        return proven == 0 || _count < proven || IsWhole(proven)
            ? others + "."
            : $"{others}, some of which are between those in the file: whether a filter left them out, or somebody who took lines out, can't be told.";
    }

    private bool IsWhole(long proven) => _count == proven && Math.Abs(Last - _first) + 1 == proven;
}
