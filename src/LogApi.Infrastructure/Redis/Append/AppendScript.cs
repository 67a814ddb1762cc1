using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>Calls <c>append.lua</c>, which says what it does and to which keys.</summary>
internal sealed class AppendScript(RedisConnection connection, WriterName writer)
{
    private const int FixedArguments = 4;
    private const int ArgumentsPerEntry = 3;

    private static readonly string Source = LuaResource.Read("append.lua");

    private readonly RedisKey[] _keys = [connection.Keys.Head, connection.Keys.Ids];

    /// <summary>Sends a batch once. Any exception of the connection comes through as it is.</summary>
    /// <returns>The epoch, and each entry's number in the order of the batch.</returns>
    public async Task<(string Epoch, long[] Sequences)> RunAsync(IReadOnlyList<PendingAppend> batch)
    {
        var reply = await connection.Database.ScriptEvaluateAsync(Source, _keys, Arguments(batch));
        var parts = (RedisResult[]?)reply;
        if (parts is null || parts.Length != batch.Count + 1)
            throw new InvalidOperationException("The append script's answer does not fit its batch.");

        var sequences = new long[batch.Count];
        for (var i = 0; i < sequences.Length; i++) sequences[i] = (long)parts[i + 1];
        return ((string)parts[0]!, sequences);
    }

    private RedisValue[] Arguments(IReadOnlyList<PendingAppend> batch)
    {
        var arguments = new RedisValue[FixedArguments + (batch.Count * ArgumentsPerEntry)];
        arguments[0] = connection.Keys.Log;
        arguments[1] = (string?)connection.Keys.Appended;
        arguments[2] = Epoch.New();
        arguments[3] = writer.Value;
        var at = FixedArguments;
        foreach (var pending in batch)
        {
            arguments[at++] = pending.Entry.Id.Value.ToByteArray(bigEndian: true);
            arguments[at++] = pending.Entry.UserId.Value;
            arguments[at++] = pending.Record;
        }

        return arguments;
    }
}
