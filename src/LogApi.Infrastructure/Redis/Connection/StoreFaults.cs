using LogApi.Application.Common.Errors;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Connection;

/// <summary>Tells the faults of a store that is away from those of a store that refuses a call.</summary>
internal static class StoreFaults
{
    // What Redis says while it can't serve a command for now, having changed nothing.
    private static readonly string[] TransientReplies =
        ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MISCONF", "OOM", "NOREPLICAS", "MOVED", "ASK"];

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
        RedisServerException reply when IsTransient(reply.Message) => StoreFailure.Unreachable,
        ObjectDisposedException => StoreFailure.Unreachable,
        StoreUnavailableException unavailable => unavailable.Reason,
        _ => null,
    };

    private static bool IsTransient(string reply) =>
        Array.Exists(TransientReplies, word => reply.StartsWith(word, StringComparison.Ordinal));
}
