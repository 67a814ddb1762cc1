using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis;

/// <summary>
/// Every key and channel that this service uses, below one prefix (<c>REDIS_KEY_PREFIX</c>, here <c>logapi:</c>):
/// <list type="bullet">
/// <item><c>logapi:{log}:head</c>: hash with <c>next</c> (the next sequence number), <c>epoch</c> (random, made when
/// the numbering starts), what is counted of the entries that are kept (<c>append.lua</c> says how) and, on a store that can tear
/// a script, <c>pending</c> (what the script under way will write);</item>
/// <item><c>logapi:{log}:entries:N</c>: list of the records 256·N to 256·N+255;</item>
/// <item><c>logapi:{log}:ids</c>: hash from an entry's id, 16 bytes, to its sequence number, a colon and its id tag, 16 bytes;</item>
/// <item><c>logapi:{log}:user:U</c>: list of the sequence numbers of user U;</item>
/// <item><c>logapi:{log}:users</c>: sorted set of the users by the number of their entries that are kept;</item>
/// <item><c>logapi:session:D</c>: the user of the session whose token has the SHA-256 D, with the session's time to live;</item>
/// <item><c>logapi:{live}:processes</c> and <c>logapi:{live}:process:P</c>: the processes, and how many connections each has,
/// with a time to live;</item>
/// <item><c>logapi:{log}:probe</c>: written by readiness checks, on the node where entries go;</item>
/// <item>channels <c>logapi:{log}:appended</c> and <c>logapi:sessions:ended</c>.</item>
/// </list>
/// The part in braces is the hash tag, so that what a script touches is on one node of a cluster.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>How many records a bundle holds.</summary>
    public const int BundleSize = 256;

    /// <summary>What the log's own keys start with.</summary>
    public string Log { get; } = $"{prefix}{{log}}:";

    public RedisKey Head => Log + "head";

    public RedisKey Probe => Log + "probe";

    public RedisKey Ids => Log + "ids";

    public RedisKey Users => Log + "users";

    public RedisChannel Appended => RedisChannel.Literal(Log + "appended");

    public RedisChannel SessionsEnded => RedisChannel.Literal(prefix + "sessions:ended");

    public RedisKey Processes => prefix + "{live}:processes";

    public RedisKey Entries(long bundle) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Log}entries:{bundle}");

    public RedisKey User(string userId) => Log + "user:" + userId;

    public RedisKey Session(string tokenDigest) => prefix + "session:" + tokenDigest;

    public RedisKey Process(string processId) => prefix + "{live}:process:" + processId;
}
