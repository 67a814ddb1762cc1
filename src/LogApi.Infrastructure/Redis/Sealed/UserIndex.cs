using System.Numerics;
using System.Runtime.CompilerServices;
using LogApi.Infrastructure.Redis.Connection;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>
/// Which sealed bundles have entries of a user: <c>users:{B}:U</c> is a bitmap of the chunks of 1,024 bundles, and
/// <c>user:{B}:C:U</c> one of the bundles of chunk C. A bit that is set may be wrong, one that is not set never is.
/// </summary>
internal sealed class UserIndex(RedisConnection connection)
{
    /// <summary>How many bundles a bitmap has.</summary>
    public const int Bundles = 1024;

    /// <summary>Gives a user's sealed bundles, the newest first or the oldest first.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="from">The first bundle that may be given, when the oldest come first; otherwise the last one.</param>
    /// <param name="newestFirst">In which order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<long> BundlesOfAsync(
        string userId, long from, bool newestFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> chunks = await connection.CallAsync(
            db => db.StringGetAsync(connection.Keys.UserChunks(userId)), cancellationToken);
        foreach (var chunk in Bits(chunks, Math.Max(from, 0) / Bundles, newestFirst))
        {
            ReadOnlyMemory<byte> bundles = await connection.CallAsync(
                db => db.StringGetAsync(connection.Keys.UserBundles(userId, chunk)), cancellationToken);
            var start = from / Bundles == chunk ? from % Bundles : newestFirst ? Bundles - 1 : 0;
            foreach (var place in Bits(bundles, start, newestFirst)) yield return (chunk * Bundles) + place;
        }
    }

    // Bit 0 is the highest of the first byte (SETBIT).
    private static IEnumerable<long> Bits(ReadOnlyMemory<byte> bitmap, long from, bool descending)
    {
        var end = bitmap.Length * 8L;
        if (!descending)
        {
            for (var i = from; i < end; i++)
            {
                var rest = (byte)(bitmap.Span[(int)(i >> 3)] << (int)(i & 7));
                if (rest == 0) i |= 7;
                else yield return i += BitOperations.LeadingZeroCount((uint)rest) - 24;
            }

            yield break;
        }

        for (var i = Math.Min(from, end - 1); i >= 0; i--)
        {
            var rest = bitmap.Span[(int)(i >> 3)] >> (int)(7 - (i & 7));
            if (rest == 0) i &= ~7L;
            else yield return i -= BitOperations.TrailingZeroCount(rest);
        }
    }
}
