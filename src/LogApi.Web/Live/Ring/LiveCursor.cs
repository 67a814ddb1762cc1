using System.Runtime.InteropServices;

namespace LogApi.Web.Live.Ring;

/// <summary>Where a client is: the next entry it is due.</summary>
/// <param name="Generation">Which numbering; it changes when the log is started anew.</param>
/// <param name="Next">The next sequence number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LiveCursor(int Generation, long Next);
