using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Application.Sessions;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis.Connection;
using LogApi.Infrastructure.Redis.Sealed;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>
/// Starts the log anew: the entries that there are stay, with their numbers, and the tree over them begins again under another
/// name. The integrator builds it when the service runs. For entries that are gone or damaged it takes what the former tree had in
/// their places, as far as that is left.
/// </summary>
internal sealed class TreeRestart(
    RedisConnection connection,
    IStoreDurability durability,
    ILogRepository logs,
    TreeStore tree,
    ICheckpointSigner signer,
    EntryHasher hasher,
    StoreOptions options,
    TimeProvider time)
{
    private static readonly LogStatus Status = LogStatus.Create("NEW_LOG");

    private RedisKeys Keys => connection.Keys;

    /// <summary>Starts it anew.</summary>
    /// <exception cref="StartRefusedException">It can't be; the message says why.</exception>
    public async Task<RestartedLog> RunAsync(IDatabase db, string reason, CancellationToken cancellationToken)
    {
        // What is no tree can't be read or replaced as one.
        if (await db.KeyTypeAsync(Keys.Tree) is not (RedisType.Hash or RedisType.None)) await db.KeyDeleteAsync(Keys.Tree);
        var former = await tree.ReadAsync(db);
        if (former.Origin == signer.Key.Name)
            throw new StartRefusedException($"The store's log is named {former.Origin} already: a new one needs another LOG_ORIGIN and LOG_SIGNING_KEY.");

        var moved = await KeepTilesAsync(db, former, cancellationToken);
        var (previous, stored, problem) = Describe(former);
        var entry = Tell(former, previous, stored, reason, problem);
        var appended = await logs.AppendAsync([new NewEntry(entry, mayExist: true)], WhenFull.Wait, cancellationToken);
        var head = await logs.GetHeadAsync(cancellationToken);
        var empty = new TreeState
        {
            Origin = signer.Key.Name,
            Epoch = head.Epoch,
            SizeText = "0",
            RootText = TreeHash.Empty.ToString(),
            SignedAt = time.GetUtcNow(),
            Base = head.Next,

            // The numbers of another numbering were other entries'.
            Former = former.Epoch == head.Epoch ? $"{former.Origin} {former.Former}".Trim() : "",
        };
        if (!await tree.RestartAsync(db, former, empty, moved))
            throw new StartRefusedException("The tree has changed meanwhile: stop every service of this log, and run this again.");
        await connection.CommitAsync(durability, cancellationToken);
        return new RestartedLog(
            signer.Key.Name, previous?.Origin ?? "", previous?.Size ?? 0, problem, appended[0].Sequence, entry.Id.ToString());
    }

    /// <summary>Refuses a name that this machine has known another log by.</summary>
    /// <exception cref="StartRefusedException">It has.</exception>
    public void RefuseUsedName()
    {
        if (CheckpointFiles.Read(options.DataDirectory, signer.Key.Name) is [var (file, _, _), ..])
            throw new StartRefusedException($"DATA_DIR: {file} has a checkpoint of a log named {signer.Key.Name}: a new one needs another LOG_ORIGIN and LOG_SIGNING_KEY.");
    }

    /// <summary>
    /// Fills the places of records that are gone from the newest bundle with empty ones, which are served as gone: nothing is added
    /// to a bundle that is short.
    /// </summary>
    public async Task RefillAsync(IDatabase db)
    {
        var head = await db.HashGetAsync(Keys.Head, "next");
        if (!head.TryParse(out long next)) return;
        var (bundle, expected) = Math.DivRem(next, RedisKeys.BundleSize);
        var missing = (int)(expected - await db.ListLengthAsync(Keys.Entries(bundle)));
        if (missing > 0) await db.ListRightPushAsync(Keys.Entries(bundle), [.. Enumerable.Repeat(RedisValue.EmptyString, missing)]);
    }

    /// <summary>Gives every tile of the former tree a key of its own, also the partial one of its last leaves.</summary>
    private async Task<IReadOnlyList<Tile>> KeepTilesAsync(IDatabase db, TreeState former, CancellationToken cancellationToken)
    {
        var unmoved = await tree.ReadUnmovedAsync(db);
        await tree.MoveAsync(db, former.Origin, unmoved);
        if (former.Partials is [{ Length: > 0 } leaves, ..] && former.Size > 0)
            await db.StringSetAsync(Keys.Tile(former.Origin, 0, former.Size / Tile.FullWidth), leaves);
        await connection.CommitAsync(durability, cancellationToken);
        return unmoved;
    }

    /// <summary>Says how far the former log was signed, what the store says of that when it says something else, and what was found.</summary>
    private (Checkpoint? Previous, Checkpoint? Stored, string Problem) Describe(TreeState former)
    {
        var known = CheckpointFiles.ReadAll(options.DataDirectory)
            .Where(checkpoint => !former.Exists || checkpoint.Origin == former.Origin)
            .MaxBy(checkpoint => checkpoint.Size);
        if (!former.Exists)
            return (known, null, former.Refused.Length > 0 || known is null ? former.Refused : "The store has no tree.");

        var root = TreeHash.TryParse(former.RootText, out var read) ? read : default;
        var stored = new Checkpoint(former.Origin, Math.Max(0, former.Size), root);

        // Of the two, the store is what something has happened to.
        return known is null || known.Size < stored.Size || known == stored ? (stored, null, former.Refused) : (known, stored, former.Refused);
    }

    private LogEntry Tell(TreeState former, Checkpoint? previous, Checkpoint? stored, string reason, string problem)
    {
        var origin = signer.Key.Name;
        var before = previous is null
            ? "no former log is known"
            : string.Create(CultureInfo.InvariantCulture, $"the log {previous.Origin} ended with {previous.Size} signed entries");
        if (stored is not null)
        {
            // The key of the former log is not among this process's settings.
            before += string.Create(
                CultureInfo.InvariantCulture,
                $", as a checkpoint in DATA_DIR says, whose signature was not checked; the tree in the store was over {stored.Size} entries{(stored.Size == previous!.Size ? ", with another root" : "")}");
        }

        var attributes = LogAttributes.Create(
        [
            .. stored is null ? [] : new[]
            {
                KeyValuePair.Create("store_size", (string?)stored.Size.ToString(CultureInfo.InvariantCulture)),
                KeyValuePair.Create("store_root", (string?)stored.Root.ToString()),
            },
            KeyValuePair.Create("origin", (string?)origin),
            KeyValuePair.Create("previous_origin", (string?)(previous?.Origin ?? "")),
            KeyValuePair.Create("previous_size", (string?)(previous?.Size ?? 0).ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("previous_root", (string?)(previous?.Root.ToString() ?? "")),
            KeyValuePair.Create("reason", (string?)reason),
            KeyValuePair.Create("problem", (string?)Shorten(problem)),
        ]);
        return LogEntry.Create(
            ServiceUsers.Operator,
            QueryText.Create($"The log was started anew as {origin}; {before}. Reason: {reason}"),
            Status,
            time.GetUtcNow(),
            hasher,
            attributes: attributes,
            id: IdOf(former, origin));
    }

    private static string Shorten(string text) => text.Length <= LogAttributes.MaxValueLength ? text : text[..LogAttributes.MaxValueLength];

    /// <summary>The same for the same step, so that it is told once: version 8 (RFC 9562 §5.8), from its SHA-256.</summary>
    private static LogId IdOf(TreeState former, string origin)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [origin, .. former.Identity.Select(part => part.ToString())])));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return LogId.Create(new Guid(bytes.AsSpan(0, UuidBytes.Length), bigEndian: true).ToString());
    }
}
