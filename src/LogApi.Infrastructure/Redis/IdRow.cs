using System.Buffers.Text;

namespace LogApi.Infrastructure.Redis;

/// <summary>Reads the rows of the <c>ids</c> hash, <c>&lt;sequence number&gt;:&lt;side&gt;</c>, as <c>append.lua</c> writes them.</summary>
internal static class IdRow
{
    public static bool TryParse(ReadOnlyMemory<byte> row, out long sequence, out ReadOnlyMemory<byte> side)
    {
        side = default;
        if (!Utf8Parser.TryParse(row.Span, out sequence, out var digits) || sequence < 0) return false;
        if (digits == row.Length || row.Span[digits] != (byte)':') return false;
        side = row[(digits + 1)..];
        return true;
    }
}
