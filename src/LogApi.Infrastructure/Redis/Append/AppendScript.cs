using System.Globalization;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Redis.Connection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>Calls <c>append.lua</c>, which says what it does and to which keys. Not for use by several threads at once.</summary>
internal sealed class AppendScript(RedisConnection connection, IStoreDurability durability, WriterName writer)
{
    /// <summary>How the script's answer starts when it finds the newest bundle short.</summary>
    public const string DamagedReply = "LOGAPI_DAMAGED";

    private const int FixedArguments = 5;
    private const int ArgumentsPerEntry = 5;
    private const string KeysReply = "LOGAPI_KEYS ";

    private static readonly string Source = LuaResource.Read("append.lua");

    private readonly RedisKey[] _fixedKeys = [connection.Keys.Head, connection.Keys.Ids, connection.Keys.Users];

    private long _next;

    // Most entries of a batch have the meta of the one before.
    private (long? LookedUp, long Minute, string? Status, RedisValue Text) _meta;

    /// <summary>An end that the log has reached, perhaps long ago.</summary>
    public long End => _next;

    /// <summary>
    /// Sends a batch once, and waits until it is durable. Any exception of the connection comes through as it is.
    /// </summary>
    /// <returns>
    /// The epoch, and the answer for each entry in the order of the batch; nothing when the log has grown past what was declared:
    /// nothing was stored, and the next try will declare the right keys.
    /// </returns>
    public async Task<(string Epoch, AppendAnswer[] Answers)?> TryRunAsync(IReadOnlyList<PendingAppend> batch)
    {
        var count = batch.Sum(static unit => unit.Entries.Count);
        RedisResult[] reply;
        try
        {
            reply = (RedisResult[]?)await connection.Database.ScriptEvaluateAsync(Source, Keys(batch, count), Arguments(batch, count)) ?? [];
        }
        catch (RedisServerException refusal) when (refusal.Message.StartsWith(KeysReply, StringComparison.Ordinal))
        {
            _next = long.Parse(refusal.Message.AsSpan(KeysReply.Length), NumberStyles.None, CultureInfo.InvariantCulture);
            return null;
        }

        await durability.CommitAsync(CancellationToken.None);
        return ((string?)reply[0] ?? "", ReadAnswers(reply, count));
    }

    /// <summary>
    /// Takes out what a torn run left, on a store that can tear one; the next batch would do so, too, but until then a part of what
    /// is counted would be wrong. Any exception of the connection comes through as it is.
    /// </summary>
    public async Task RepairAsync()
    {
        if (durability.AppliesScriptsWhole) return;
        while (await TryRunAsync([]) is null)
        {
            // Now it is known which bundle to declare.
        }
    }

    private AppendAnswer[] ReadAnswers(RedisResult[] reply, int count)
    {
        if (reply.Length != count + 1)
            throw new InvalidOperationException("The append script's answer does not fit its batch.");

        var answers = new AppendAnswer[count];
        for (var i = 0; i < count; i++)
        {
            answers[i] = AppendAnswer.Of((long)reply[i + 1]);
            _next = Math.Max(_next, answers[i].Sequence + 1);
        }

        return answers;
    }

    private RedisKey[] Keys(IReadOnlyList<PendingAppend> batch, int count)
    {
        if (durability.AppliesScriptsWhole) return _fixedKeys;

        var keys = new List<RedisKey>(_fixedKeys);
        var last = (_next + Math.Max(count, 1) - 1) / RedisKeys.BundleSize;
        for (var bundle = _next / RedisKeys.BundleSize; bundle <= last; bundle++) keys.Add(connection.Keys.Entries(bundle));
        var users = batch.SelectMany(static unit => unit.Entries).Select(static added => added.Entry.UserId.Value);
        foreach (var userId in users.Distinct(StringComparer.Ordinal)) keys.Add(connection.Keys.User(userId));
        return [.. keys];
    }

    private RedisValue[] Arguments(IReadOnlyList<PendingAppend> batch, int count)
    {
        var arguments = new RedisValue[FixedArguments + (count * ArgumentsPerEntry)];
        arguments[0] = connection.Keys.Log;
        arguments[1] = (string?)connection.Keys.Appended;
        arguments[2] = Epoch.New();
        arguments[3] = writer.Value;
        arguments[4] = durability.AppliesScriptsWhole ? "1" : "0";
        var at = FixedArguments;
        foreach (var unit in batch)
        {
            for (var i = 0; i < unit.Entries.Count; i++)
            {
                var added = unit.Entries[i];
                arguments[at++] = added.Entry.Id.Value.ToByteArray(bigEndian: true);
                arguments[at++] = unit.Sides[i];
                arguments[at++] = added.Entry.UserId.Value;
                arguments[at++] = Meta(unit.LookedUp(added), added.Entry);
                arguments[at++] = added.Record;
            }
        }

        return arguments;
    }

    private RedisValue Meta(long? lookedUp, LogEntry entry)
    {
        var minute = (entry.Timestamp.Utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute;
        var status = entry.Status.Value;
        if (_meta.LookedUp == lookedUp && _meta.Minute == minute && _meta.Status == status) return _meta.Text;

        var watermark = lookedUp?.ToString(CultureInfo.InvariantCulture) ?? "-";
        _meta = (lookedUp, minute, status, string.Create(CultureInfo.InvariantCulture, $"{watermark} {minute} {status}"));
        return _meta.Text;
    }
}
