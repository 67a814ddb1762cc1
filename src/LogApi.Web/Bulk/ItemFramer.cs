namespace LogApi.Web.Bulk;

/// <summary>
/// Finds where the items of a body start and end, each byte looked at once however the body is cut into pieces. Whether an item
/// is JSON is for its parser to say.
/// </summary>
internal abstract class ItemFramer
{
    /// <summary>Whether nothing after an item that is no JSON, or too long, can be told apart into items.</summary>
    public abstract bool EndsAtFault { get; }

    /// <summary>Looks for the next item.</summary>
    /// <param name="unread">All bytes that were not consumed yet, from the first on.</param>
    /// <param name="isLast">Whether the body ends with them.</param>
    public abstract ItemFrame Next(ReadOnlySpan<byte> unread, bool isLast);
}
