using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>
/// Every key and channel that this service uses, below one prefix (<c>REDIS_KEY_PREFIX</c>, here <c>logapi:</c>):
/// <list type="bullet">
/// <item><c>logapi:{log}:head</c>: hash with <c>next</c> (the next sequence number), <c>epoch</c> (random, made when
/// the numbering starts), <c>sealed</c> (the first number of the hot part), <c>first</c> (the first one that retention has kept),
/// <c>dropping</c> (what retention is about to drop: the first number, the one after the last, and why), <c>redacting</c> (the entry
/// that is being redacted, until nothing of it is left), <c>redactions</c> (how many were), <c>redacted:N</c> (how many of the hot
/// bundle N were), <c>setbacks</c> (<see cref="Application.Ports.LogHead.SetBacks"/>),
/// what is counted of the entries that are kept (<c>append.lua</c> says how) and, on a store that can tear a script,
/// <c>pending</c> (what the script under way will write);</item>
/// <item><c>logapi:{log}:entries:N</c>: list of the records 256·N to 256·N+255; this and the next two until they are sealed;</item>
/// <item><c>logapi:{log}:ids</c>: hash from an entry's id, 16 bytes, to its sequence number, a colon and its <see cref="Domain.Hashing.EntrySide"/>;</item>
/// <item><c>logapi:{log}:user:U</c>: list of the sequence numbers of user U;</item>
/// <item><c>logapi:{log}:users</c>: sorted set of the users by the number of their entries that are kept;</item>
/// <item><c>logapi:{log}:keeper</c> and <c>logapi:{log}:integrator</c>: the process that seals and drops, and the one that adds to
/// the tree, with a time to live;</item>
/// <item><c>logapi:{log}:tree</c>: hash with the published tree: <c>origin</c>, <c>epoch</c>, <c>size</c>, <c>root</c>, <c>note</c> (the
/// signed checkpoint), <c>time</c> (when that was signed, in milliseconds since 1970), <c>p0</c> to <c>p7</c> (the hashes of each
/// level's partial tile), <c>t:L:N</c> (a full tile that has no key of its own yet), <c>refused</c> (why nothing may be signed), and of
/// a log that was started anew <c>base</c> (its entries before it) and <c>former</c> (the origins before);</item>
/// <item><c>logapi:tile:T:L:N</c>: the hashes of tile N of level L, 32 bytes each; T are eight digits of the SHA-256 of the origin, so
/// that the tiles of a log that was started anew are not those of the one before, which stay;</item>
/// <item><c>logapi:{log}:audit</c>: hash from the id of each audit that is remembered to what is known of it, under a seal, and
/// <c>running</c>, the one that is under way; <c>logapi:{log}:auditor</c>: the process that carries it out, with a time to live;</item>
/// <item><c>logapi:sealed:N</c>: bundle N compressed, and <c>logapi:sealed:N:W:P</c>, its parts when it is large, W being random;</item>
/// <item><c>logapi:parts:N</c>: set of what <c>logapi:sealed:N</c> holds, held or may come to hold when the bundle is split; each has
/// parts that are to be removed with it;</item>
/// <item><c>logapi:times:C</c>: the earliest and the latest time of each sealed bundle of 1,024·C to 1,024·C+1,023, 16 bytes each;</item>
/// <item><c>logapi:users:{B}:U</c>: bitmap of the C, and <c>logapi:user:{B}:C:U</c>: bitmap of the bundles, with entries of user U; B are
/// four digits of the SHA-256 of U;</item>
/// <item><c>logapi:ids:B</c>: hash from an id, 16 bytes, that does not tell its entry's time to its sequence number, and from
/// eight bytes of the SHA-256 of a dropped one to <c>x</c>; B are the digest's first four digits;</item>
/// <item><c>logapi:dropped:N</c>: what is kept of dropped bundle N (<see cref="Sealed.DroppedNote"/>), such as eight bytes of the SHA-256 of each id;</item>
/// <item><c>logapi:session:D</c>: the user of the session whose token has the SHA-256 D, with the session's time to live;</item>
/// <item><c>logapi:{request:D}</c>: what is remembered of the request that the SHA-256 D names, and <c>logapi:{request:D}:claim</c>:
/// which attempt has it, both with a time to live;</item>
/// <item><c>logapi:{live}:processes</c> and <c>logapi:{live}:process:P</c>: the processes, and how many connections each has,
/// with a time to live;</item>
/// <item><c>logapi:{log}:probe</c>: written by readiness checks, on the node where entries go;</item>
/// <item>channels <c>logapi:{log}:appended</c>, <c>logapi:{log}:checkpoint</c>, <c>logapi:{log}:redacted</c> and <c>logapi:sessions:ended</c>.</item>
/// </list>
/// The part in braces is the hash tag, so that what a script touches is on one node of a cluster. Sealed bundles have none, so
/// that a cluster spreads them.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>How many records a bundle holds.</summary>
    public const int BundleSize = 256;

    /// <summary>What every key starts with.</summary>
    public string Prefix => prefix;

    /// <summary>What the log's own keys start with.</summary>
    public string Log { get; } = $"{prefix}{{log}}:";

    public RedisKey Head => Log + "head";

    public RedisKey Probe => Log + "probe";

    public RedisKey Ids => Log + "ids";

    public RedisKey Users => Log + "users";

    public RedisChannel Appended => RedisChannel.Literal(Log + "appended");

    public RedisChannel Redacted => RedisChannel.Literal(Log + "redacted");

    public RedisChannel SessionsEnded => RedisChannel.Literal(prefix + "sessions:ended");

    public RedisKey Processes => prefix + "{live}:processes";

    public RedisKey Audits => Log + "audit";

    public RedisKey Auditor => Log + "auditor";

    public RedisKey Entries(long bundle) => string.Create(CultureInfo.InvariantCulture, $"{Log}entries:{bundle}");

    public RedisKey User(string userId) => Log + "user:" + userId;

    public RedisKey Keeper => Log + "keeper";

    public RedisKey Integrator => Log + "integrator";

    public RedisKey Tree => Log + "tree";

    public RedisChannel Published => RedisChannel.Literal(Log + "checkpoint");

    public RedisKey Tile(string origin, int level, long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}tile:{OriginDigest(origin)}:{level}:{index}");

    public RedisKey Sealed(long bundle) => Numbered("sealed:", bundle);

    public RedisKey SealedPart(long bundle, Guid writing, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}sealed:{bundle}:{writing:N}:{part}");

    public RedisKey Parts(long bundle) => Numbered("parts:", bundle);

    public RedisKey Times(long chunk) => Numbered("times:", chunk);

    public RedisKey UserChunks(string userId) => $"{prefix}users:{{{Bucket(userId)}}}:{userId}";

    public RedisKey UserBundles(string userId, long chunk) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}user:{{{Bucket(userId)}}}:{chunk}:{userId}");

    public RedisKey SealedIds(int bucket) => string.Create(CultureInfo.InvariantCulture, $"{prefix}ids:{bucket:x4}");

    public RedisKey Dropped(long bundle) => Numbered("dropped:", bundle);

    public RedisKey Session(string tokenDigest) => prefix + "session:" + tokenDigest;

    public RedisKey Request(string digest) => $"{prefix}{{request:{digest}}}";

    public RedisKey RequestClaim(string digest) => $"{prefix}{{request:{digest}}}:claim";

    public RedisKey Process(string processId) => prefix + "{live}:process:" + processId;

    /// <summary>The head's field that counts the redactions in a hot bundle.</summary>
    public static string RedactionsOf(long bundle) => string.Create(CultureInfo.InvariantCulture, $"redacted:{bundle}");

    private RedisKey Numbered(string name, long number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}{number}");

    private static string OriginDigest(string origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)).AsSpan(0, 4));

    // A user's keys change together, so they are on one node; which one must not be the user's to choose.
    private static string Bucket(string userId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(userId)).AsSpan(0, 2));
}
