using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Puts a fault of the store into words for an operator, without passing on what the store or the client said.</summary>
internal static class StoreProblem
{
    // After a wrong password the client goes on without one, so the two can't be told apart.
    private const string Unauthenticated = "the store refuses the user or password of REDIS_URL, or wants one and none is given";

    private const string ReadOnly = "the store is a read-only replica: point REDIS_URL at the primary (READONLY)";

    private static readonly (string Word, string Meaning)[] Replies =
    [
        ("WRONGPASS", Unauthenticated),
        ("NOAUTH", Unauthenticated),
        ("NOPERM", "the user of REDIS_URL lacks the permission for this service's commands, keys or channels (NOPERM)"),
        ("READONLY", ReadOnly),
        ("LOADING", "the store is still loading its data (LOADING)"),
        ("OOM", "the store's memory is full: raise its maxmemory (OOM)"),
        ("MISCONF", "the store can't write to its disk and refuses changes: see its log (MISCONF)"),
        ("NOREPLICAS", "the store has fewer replicas than its min-replicas-to-write (NOREPLICAS)"),
        ("CLUSTERDOWN", "the store's cluster does not serve all slots (CLUSTERDOWN)"),
        ("MASTERDOWN", "the store is a replica that has lost its primary (MASTERDOWN)"),
        ("BUSY", "the store is busy with a script (BUSY)"),
    ];

    /// <summary>Describes a fault.</summary>
    /// <param name="fault">What a call to the store ended with.</param>
    /// <param name="address">Where the store is.</param>
    /// <param name="hasReplicasOnly">Whether all of it that can be reached are replicas.</param>
    public static string Describe(Exception fault, string address, bool hasReplicasOnly)
    {
        if (hasReplicasOnly) return ReadOnly;
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is AggregateException { InnerExceptions.Count: > 0 } all) cause = all.InnerExceptions[0];
            if (FindReply(cause.Message) is { } meaning) return meaning;
            if (cause is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
                return Unauthenticated;
        }

        return fault is RedisServerException
            ? "the store refuses to write"
            : $"the store at {address} can't be reached or does not answer";
    }

    // The client wraps what the server said when it connected into sentences of its own.
    private static string? FindReply(string message) =>
        Array.Find(Replies, reply => message.StartsWith(reply.Word + " ", StringComparison.Ordinal)
            || message.Contains(" " + reply.Word + " ", StringComparison.Ordinal)).Meaning;
}
