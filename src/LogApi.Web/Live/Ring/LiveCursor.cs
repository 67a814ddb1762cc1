using System.Runtime.InteropServices;
using LogApi.Application.Logs;

namespace LogApi.Web.Live.Ring;

/// <summary>Where a client is: the next entry it is due.</summary>
/// <param name="Generation">Which numbering, for this process; it changes when the log is started anew or set back.</param>
/// <param name="Epoch">The name of the numbering, for clients.</param>
/// <param name="Next">The next sequence number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LiveCursor(int Generation, string Epoch, long Next)
{
    /// <summary>The last number that the client was given, or that was passed over for it; -1 before the first.</summary>
    public long Seq => Next - 1;

    /// <summary>What the client goes on with after a break.</summary>
    public override string ToString() => new StreamPosition(Epoch, Seq).ToString();
}
