using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LogApi.Domain.Entries;

namespace LogApi.Infrastructure.Redis.Sessions;

/// <summary>
/// The sessions that this process has lately found in the store. Bounded in time and number without a timer: there are two
/// halves, and when the younger one is full or as old as an entry may get, the older one is dropped and a new one begun.
/// </summary>
/// <remarks>
/// A look-up puts a mark under the digest before it asks the store, and its answer goes in only in place of that same mark.
/// Whatever says that the session ended in the meantime takes the mark away, so an answer from before the end is never kept.
/// </remarks>
internal sealed class SessionCache(SessionCacheOptions options, TimeProvider time)
{
    private readonly Lock _turning = new();
    private volatile Halves _halves = new(new Half(time.GetTimestamp()), new Half(time.GetTimestamp()));

    public bool IsEnabled => options.Seconds > 0;

    /// <summary>Finds a session that may still be taken as there.</summary>
    public bool TryGet(string digest, [NotNullWhen(true)] out UserId? userId)
    {
        var halves = _halves;
        userId = (halves.Young.Slots.TryGetValue(digest, out var slot) && slot.UserId is not null)
            || halves.Old.Slots.TryGetValue(digest, out slot)
            ? slot.UserId
            : null;
        if (userId is not null && time.GetElapsedTime(slot!.From) < slot.For) return true;
        userId = null;
        return false;
    }

    /// <summary>Begins a look-up; call it before the store is asked.</summary>
    public Lookup Begin(string digest)
    {
        var half = HalfForNow();
        var mark = new Slot(userId: null, time.GetTimestamp(), TimeSpan.Zero);
        half.Slots[digest] = mark;
        return new Lookup(digest, half, mark);
    }

    /// <summary>Ends a look-up that found the session; it is kept unless it was forgotten since the look-up began.</summary>
    /// <param name="lookup">The look-up.</param>
    /// <param name="userId">Whose session.</param>
    /// <param name="remaining">How long the store said that the session goes on; null for one without an end.</param>
    public void Keep(Lookup lookup, UserId userId, TimeSpan? remaining)
    {
        var keepFor = remaining is { } rest && rest < options.Lifetime ? rest : options.Lifetime;

        // The time counts from before the question: when the store answered is not known.
        var slot = new Slot(userId, lookup.Mark.From, keepFor);
        if (lookup.Half.Slots.TryUpdate(lookup.Digest, slot, lookup.Mark)) Interlocked.Increment(ref lookup.Half.Kept);
    }

    /// <summary>Ends a look-up that found nothing or failed.</summary>
    public static void Drop(Lookup lookup) =>
        lookup.Half.Slots.TryRemove(new KeyValuePair<string, Slot>(lookup.Digest, lookup.Mark));

    /// <summary>Forgets a session and whatever a look-up under way will find of it.</summary>
    public void Forget(string digest)
    {
        var halves = _halves;
        halves.Young.Slots.TryRemove(digest, out _);
        halves.Old.Slots.TryRemove(digest, out _);
    }

    /// <summary>Forgets everything, look-ups under way included.</summary>
    public void Clear()
    {
        lock (_turning)
        {
            // A look-up under way holds its half by itself; it may fill that, but nobody reads it any more.
            var now = time.GetTimestamp();
            _halves = new Halves(new Half(now), new Half(now));
        }
    }

    private Half HalfForNow()
    {
        var young = _halves.Young;
        if (!IsDone(young)) return young;
        lock (_turning)
        {
            var halves = _halves;
            if (IsDone(halves.Young)) _halves = halves = new Halves(new Half(time.GetTimestamp()), halves.Young);
            return halves.Young;
        }
    }

    private bool IsDone(Half half) =>
        Volatile.Read(ref half.Kept) >= options.Entries / 2 || time.GetElapsedTime(half.Begun) >= options.Lifetime;

    /// <summary>A look-up under way.</summary>
    internal readonly record struct Lookup(string Digest, Half Half, Slot Mark);

    /// <summary>A session that was found, or the mark of a look-up. Compared by identity, which is what tells two marks apart.</summary>
    internal sealed class Slot(UserId? userId, long from, TimeSpan lifetime)
    {
        public UserId? UserId { get; } = userId;

        public long From { get; } = from;

        public TimeSpan For { get; } = lifetime;
    }

    /// <summary>Half of the cache.</summary>
    internal sealed class Half(long begun)
    {
        public int Kept;

        public long Begun { get; } = begun;

        public ConcurrentDictionary<string, Slot> Slots { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Halves(Half Young, Half Old);
}
