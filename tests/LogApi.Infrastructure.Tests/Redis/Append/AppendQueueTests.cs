using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Append;
using LogApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Append;

public sealed class AppendQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void TryAdd_QueueIsFull_IsRefused()
    {
        var queue = Queue(entries: 4);
        Assert.That(queue.TryAdd(Unit(3)), Is.True);
        Assert.That(queue.TryAdd(Unit(2)), Is.False);
        Assert.That(queue.TryAdd(Unit(1)), Is.True);
        Assert.That(queue.Entries, Is.EqualTo(4));
    }

    [Test]
    public void TryAdd_BytesAreFull_IsRefused()
    {
        var unit = Unit(2);
        var queue = new AppendQueue(new AppendOptions { QueueBytes = unit.Bytes + 1 }, _time);
        Assert.That(queue.TryAdd(unit), Is.True);
        Assert.That(queue.TryAdd(Unit(1)), Is.False);
    }

    [Test]
    public void TryAdd_UnitIsLargerThanTheQueue_IsTakenAlone()
    {
        var queue = Queue(entries: 4);
        Assert.That(queue.TryAdd(Unit(9)), Is.True);
        Assert.That(queue.TryAdd(Unit(1)), Is.False);
    }

    [Test]
    public async Task AddAsync_HalfIsFull_WaitsForSpaceWhileOthersStillFit()
    {
        var queue = Queue(entries: 8);
        Assert.That(await queue.AddAsync(Unit(4), Patience, default), Is.True);

        var waiting = queue.AddAsync(Unit(1), Patience, default);

        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(queue.TryAdd(Unit(1)), Is.True, "who does not wait may use the other half");
        queue.TakeInto([]);
        Assert.That(await waiting, Is.True);
        Assert.That(queue.Entries, Is.EqualTo(1));
    }

    [Test]
    public async Task AddAsync_SeveralWait_GoInTheirOrder()
    {
        var queue = Queue(entries: 8, batch: 4);
        await queue.AddAsync(Unit(4), Patience, default);
        var large = queue.AddAsync(Unit(4), Patience, default);
        var small = queue.AddAsync(Unit(1), Patience, default);

        queue.TakeInto([]);

        Assert.That(await large, Is.True);
        Assert.That(small.IsCompleted, Is.False, "a small unit must not keep a large one waiting for ever");
        queue.TakeInto([]);
        Assert.That(await small, Is.True);
    }

    [Test]
    public async Task AddAsync_NoSpaceInTime_IsRefusedAndTakesNone()
    {
        var queue = Queue(entries: 4);
        await queue.AddAsync(Unit(2), Patience, default);
        var waiting = queue.AddAsync(Unit(2), Patience, default);

        _time.Advance(Patience);

        Assert.That(await waiting, Is.False);
        queue.TakeInto([]);
        Assert.That(queue.Entries, Is.Zero);
    }

    [Test]
    public async Task AddAsync_CallerLeaves_TakesNoSpace()
    {
        var queue = Queue(entries: 4);
        await queue.AddAsync(Unit(2), Patience, default);
        using var leaving = new CancellationTokenSource();
        var waiting = queue.AddAsync(Unit(2), Patience, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        queue.TakeInto([]);
        Assert.That(queue.Entries, Is.Zero);
    }

    [Test]
    public async Task Close_UnitsWait_AreStillTakenAndNothingElseIs()
    {
        var queue = Queue(entries: 4);
        queue.TryAdd(Unit(2));
        var waiting = queue.AddAsync(Unit(1), Patience, default);

        queue.Close();
        Assert.That(queue.TryAdd(Unit(1)), Is.False);
        var batch = new List<PendingAppend>();
        Assert.That(await queue.WaitAsync(default), Is.True);
        queue.TakeInto(batch);

        Assert.That(batch, Has.Count.EqualTo(1));
        Assert.That(await waiting, Is.False);
        Assert.That(queue.Entries, Is.Zero);
        Assert.That(await queue.WaitAsync(default), Is.False);
    }

    [Test]
    public void TakeInto_BatchIsFull_NeverPartsAUnit()
    {
        var queue = Queue(entries: 100, batch: 5);
        foreach (var count in new[] { 9, 3, 3, 2 }) queue.TryAdd(Unit(count));

        Assert.That(Take(queue), Is.EqualTo(new[] { 9 }), "one at the least");
        Assert.That(Take(queue), Is.EqualTo(new[] { 3 }));
        Assert.That(Take(queue), Is.EqualTo(new[] { 3, 2 }));
    }

    [Test]
    public void TakeInto_BytesAreFull_LeavesTheRest()
    {
        var unit = Unit(2);
        var queue = new AppendQueue(new AppendOptions { BatchBytes = (int)unit.Bytes + 1 }, _time);
        queue.TryAdd(unit);
        queue.TryAdd(Unit(1));

        Assert.That(Take(queue), Is.EqualTo(new[] { 2 }));
        Assert.That(queue.Entries, Is.EqualTo(1));
    }

    private static List<int> Take(AppendQueue queue)
    {
        var batch = new List<PendingAppend>();
        queue.TakeInto(batch);
        return [.. batch.Select(unit => unit.Entries.Count)];
    }

    private static PendingAppend Unit(int count) =>
        new([.. Some.Entries(count).Select(entry => new NewEntry(entry, mayExist: false))], [], lookedUp: 0);

    private AppendQueue Queue(int entries, int batch = 512) =>
        new(new AppendOptions { QueueEntries = entries, BatchEntries = batch }, _time);
}
