using LogApi.Application.Common.Errors;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Tells the faults of a store that is away from those of a store that refuses a call.</summary>
internal static class StoreFaults
{
    // What Redis says while it can't serve a command for now, having changed nothing.
    private static readonly string[] TransientReplies =
        ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MISCONF", "OOM", "NOREPLICAS", "MOVED", "ASK"];

    // What it says to a user who may not do this; the last is for a command in a script, which leaves no entry half written. An
    // operator can mend that while this runs.
    private static readonly string[] DenyingReplies =
        ["NOPERM", "NOAUTH", "WRONGPASS", "ERR The user executing the script can't"];

    /// <summary>What a failed call means for the caller; nothing when the fault is not the store's being away.</summary>
    public static StoreFailure? Classify(Exception fault) => fault switch
    {
        // A timed-out command may still be on its way, and bytes that a broken connection took may still be read from it: a
        // stopped server acts on them when it goes on. Only a call that found no connection at all has surely changed nothing.
        RedisTimeoutException or TimeoutException => StoreFailure.OutcomeUnknown,
        RedisConnectionException
        {
            FailureType: ConnectionFailureType.UnableToConnect or ConnectionFailureType.UnableToResolvePhysicalConnection
        } => StoreFailure.Unreachable,
        RedisConnectionException => StoreFailure.OutcomeUnknown,
        RedisServerException reply when Starts(reply, TransientReplies) || IsDenial(reply) => StoreFailure.Unreachable,
        ObjectDisposedException => StoreFailure.Unreachable,
        StoreUnavailableException unavailable => unavailable.Reason,
        _ => null,
    };

    /// <summary>Whether the store refuses a command to the user that this process has.</summary>
    public static bool IsDenial(RedisServerException reply) => Starts(reply, DenyingReplies);

    private static bool Starts(RedisServerException reply, string[] words) =>
        Array.Exists(words, word => reply.Message.StartsWith(word, StringComparison.Ordinal));
}
