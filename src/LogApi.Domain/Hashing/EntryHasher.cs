using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LogApi.Domain.Entries;

namespace LogApi.Domain.Hashing;

/// <summary>
/// Makes the keyed hash of an entry and its verification token. Both are HMAC-SHA256 (RFC 2104, FIPS 180-4) over UTF-8 text
/// whose fields are joined with <c>|</c>. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Whatever is written is hashed with the current secret. What was written with a previous one is still right: who checks an
/// entry asks for the hasher <see cref="Of(LogEntry)">of that entry</see>.
/// </remarks>
public sealed class EntryHasher : IDisposable
{
    /// <summary>The shortest secret accepted, in bytes: the length of the hash itself.</summary>
    public const int MinSecretBytes = 32;

    private const int StackBytes = 1024;
    private const int Separators = 3;

    // Setting the key up costs more than hashing an entry, and an instance serves one thread at a time.
    private readonly ThreadLocal<IncrementalHash> _macs;
    private readonly byte[] _secret;

    // This one first: it is the likeliest.
    private readonly EntryHasher[] _all;

    /// <summary>Takes the secrets, each of at least <see cref="MinSecretBytes"/> bytes; copies are kept.</summary>
    /// <param name="secret">What entries are hashed with.</param>
    /// <param name="previous">What entries were hashed with before.</param>
    /// <exception cref="ArgumentException">A secret is shorter than <see cref="MinSecretBytes"/>.</exception>
    public EntryHasher(ReadOnlySpan<byte> secret, params IReadOnlyList<byte[]> previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        if (secret.Length < MinSecretBytes)
            throw new ArgumentException($"The secret must have at least {MinSecretBytes} bytes.", nameof(secret));
        var copy = secret.ToArray();
        _secret = copy;
        _macs = new ThreadLocal<IncrementalHash>(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, copy));
        _all = [this, .. previous.Select(static other => new EntryHasher(other))];
        SecretId = BinaryPrimitives.ReadUInt32BigEndian(HMACSHA256.HashData(copy, "logapi/v1/secret-id"u8));
    }

    /// <summary>Tells the current secret from others, and nothing else of it.</summary>
    public uint SecretId { get; }

    /// <summary>Gives the hasher of a secret, current or previous; null when it is none of them.</summary>
    public EntryHasher? Of(uint secretId) => Array.Find(_all, hasher => hasher.SecretId == secretId);

    /// <summary>Gives the hasher of the secret, current or previous, that an entry's hash was made with; null when it is none of them.</summary>
    public EntryHasher? Of(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        foreach (var hasher in _all)
        {
            if (hasher.Hash(entry.UserId, entry.Query, entry.Status, entry.Timestamp).Matches(entry.Hash)) return hasher;
        }

        return null;
    }

    /// <summary>
    /// As the other, for who goes through many entries: gives the hasher of the secret with which a joined text,
    /// <c>user_id|query|status|timestamp</c> in UTF-8, has a hash, 64 lower-case hexadecimal digits.
    /// </summary>
    public EntryHasher? Of(ReadOnlySpan<byte> text, ReadOnlySpan<byte> hash)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (hash.Length != 2 * given.Length || hash.ContainsAnyInRange((byte)'A', (byte)'F')) return null;
        if (Convert.FromHexString(hash, given, out _, out _) != OperationStatus.Done) return null;
        foreach (var hasher in _all)
        {
            if (hasher.IsMac(text, given)) return hasher;
        }

        return null;
    }

    /// <summary>Whether a tag is that of a text, as <see cref="Tag(LogEntry)"/> joins it, with the current secret.</summary>
    public bool IsTagOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag) => tag.Length == IdTag.Size && IsMac(text, tag);

    /// <summary>Whether a tag is that of a redacted entry, with the current or a previous secret.</summary>
    public bool IsTagOf(RedactedRecord record, ReadOnlySpan<byte> tag)
    {
        foreach (var hasher in _all)
        {
            if (hasher.Tag(record).Matches(tag)) return true;
        }

        return false;
    }

    /// <summary>Makes what binds values of one purpose to their keys in the store, with keys derived from these secrets.</summary>
    public StoreSeal SealFor(string purpose) => new(purpose, [.. _all.Select(static hasher => hasher._secret)]);

    /// <summary><c>HMAC-SHA256(secret, user_id|query|status|timestamp)</c>.</summary>
    public EntryHash Hash(UserId userId, QueryText query, LogStatus status, LogTimestamp timestamp)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(timestamp);
        return HashFields(userId.Value, query.Value, status.Value, timestamp.Text);
    }

    /// <summary><c>HMAC-SHA256(secret, log_id|hash)</c>: what a verifier hands out for an entry that is as it was written.</summary>
    public EntryHash VerificationToken(LogId id, EntryHash hash)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(hash);
        Span<byte> text = stackalloc byte[36 + 1 + 64];
        var length = Encoding.ASCII.GetBytes(id.ToString(), text);
        text[length++] = (byte)'|';
        length += Encoding.ASCII.GetBytes(hash.Hex, text[length..]);
        return Mac(text[..length]);
    }

    /// <summary>
    /// What the store keeps beside an entry, to show when another content is put under its id. For an entry without context, the
    /// start of its <see cref="VerificationToken"/>; otherwise of <c>HMAC-SHA256(secret, log_id|hash|{context})</c>, with the
    /// context's members as they stand in the record, because the entry's hash does not cover them.
    /// </summary>
    public IdTag Tag(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.HasContext) return IdTag.Of(VerificationToken(entry.Id, entry.Hash));

        var text = new ArrayBufferWriter<byte>(512);
        Encoding.ASCII.GetBytes(entry.Id.ToString(), text);
        text.Write("|"u8);
        Encoding.ASCII.GetBytes(entry.Hash.Hex, text);
        text.Write("|{"u8);
        EntryRecord.WriteContext(text, entry);
        text.Write("}"u8);
        return IdTag.Of(Mac(text.WrittenSpan));
    }

    /// <summary>
    /// What the store keeps beside a redacted entry: the start of <c>HMAC-SHA256(secret, redacted|log_id|timestamp|commitment)</c>.
    /// So nobody without the secret can pass an entry off as redacted.
    /// </summary>
    public IdTag Tag(RedactedRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var leaf = record.Leaf;
        return IdTag.Of(Mac(Encoding.ASCII.GetBytes($"redacted|{leaf.Id}|{leaf.Timestamp}|{leaf.Commitment}")));
    }

    /// <summary>Gives up the keyed state; that of each thread is freed with the thread or by the next collection.</summary>
    public void Dispose()
    {
        foreach (var hasher in _all) hasher._macs.Dispose();
    }

    internal EntryHash HashFields(string userId, string query, string status, string timestamp)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(userId.Length + query.Length + status.Length + timestamp.Length) + Separators;
        byte[]? rented = null;
        var text = longest <= StackBytes
            ? stackalloc byte[StackBytes]
            : (rented = ArrayPool<byte>.Shared.Rent(longest));
        try
        {
            var length = Encoding.UTF8.GetBytes(userId, text);
            text[length++] = (byte)'|';
            length += Encoding.UTF8.GetBytes(query, text[length..]);
            text[length++] = (byte)'|';
            length += Encoding.UTF8.GetBytes(status, text[length..]);
            text[length++] = (byte)'|';
            length += Encoding.UTF8.GetBytes(timestamp, text[length..]);
            return Mac(text[..length]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private EntryHash Mac(ReadOnlySpan<byte> text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(text, mac);
        return EntryHash.FromBytes(mac);
    }

    private bool IsMac(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(text, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..start.Length], start);
    }

    private void Mac(ReadOnlySpan<byte> text, Span<byte> mac)
    {
        var hmac = _macs.Value!;
        hmac.AppendData(text);
        hmac.GetHashAndReset(mac);
    }
}
