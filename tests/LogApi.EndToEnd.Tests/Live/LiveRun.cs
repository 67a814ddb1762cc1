using System.Globalization;
using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Live;

/// <summary>Clients that follow the log of a cluster while it is written and disturbed, and what they have to have got in the end.</summary>
internal sealed class LiveRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LiveCluster _cluster;
    private readonly LiveWriter _writer;
    private readonly List<LiveFollower> _followers = [];

    public LiveRun(LiveCluster cluster, TimeSpan writePause)
    {
        // To have the same moves again, put the number that a failed run printed here.
        Seed = Random.Shared.Next();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}"));
        (_cluster, Random) = (cluster, new Random(Seed));
        _writer = new LiveWriter(cluster.AnyAddress, Random.Next(), writePause);
    }

    public int Seed { get; }

    /// <summary>What all moves of the test follow from.</summary>
    public Random Random { get; }

    public IReadOnlyList<LiveFollower> Followers => _followers;

    /// <summary>Begins to write and connects the clients.</summary>
    public async Task StartAsync(IEnumerable<FollowerPlan> plans)
    {
        await _writer.StartAsync();
        foreach (var plan in plans) _followers.Add(new LiveFollower(plan, _cluster.AnyAddress, Random.Next()));
    }

    /// <summary>Waits until so many entries more were written.</summary>
    public async Task WriteAsync(int count)
    {
        var enough = _writer.Acknowledged.Count + count;
        await Eventually.BecomesTrueAsync(() => _writer.Acknowledged.Count >= enough, Patience, $"{count} entries more are written");
    }

    /// <summary>Writes much while the slow clients read nothing.</summary>
    public async Task OverrunSlowClientsAsync(int batches, int entriesEach)
    {
        var slow = _followers.Where(one => one.Plan.IsSlow).ToList();
        foreach (var follower in slow) follower.Hold();
        for (var i = 0; i < batches; i++) await _writer.BurstAsync(entriesEach);
        foreach (var follower in slow) follower.Release();
    }

    /// <summary>Ends the writing, lets every client get to the end, and holds what each was told against the log.</summary>
    public async Task AssertAllGotWhatIsTheirsAsync()
    {
        var last = await _writer.StopAsync();
        foreach (var follower in _followers) follower.CalmDown();
        foreach (var follower in _followers) await follower.WaitForAsync(last, Patience);
        foreach (var follower in _followers) await follower.StopAsync();
        var log = await ReadLogAsync();
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{log.Count} entries, {_writer.Failures} failed writes; {_followers.Count} clients, {_followers.Sum(one => one.Connections)} connections, "
            + $"{_followers.Sum(one => one.Account.Resumed)} resumed, {_followers.Sum(one => one.Account.Count)} entries got, "
            + $"{_followers.Sum(one => one.Account.Lost.Count)} ranges lost by {_followers.Count(one => one.Account.Lost.Count > 0)}"));
        Assert.That(log.Select(entry => entry.Seq), Is.EqualTo(Enumerable.Range(0, log.Count)));
        Assert.That(_writer.Acknowledged, Is.SubsetOf(log.Select(entry => entry.Id)));
        var wrong = _followers.Select(one => (one, Problem: one.Account.Compare(log, one.Plan.Wants))).Where(one => one.Problem is not null)
            .Select(one => $"{one.one.State}: {one.Problem}").ToList();
        Assert.That(wrong, Is.Empty, $"{wrong.Count} of {_followers.Count} clients, seed {Seed}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in _followers)
        {
            await follower.StopAsync();
            follower.Dispose();
        }

        await _writer.DisposeAsync();
    }

    private async Task<IReadOnlyList<LoggedEntry>> ReadLogAsync()
    {
        using var client = new HttpClient { BaseAddress = _cluster.AnyAddress(Random) };
        var entries = await client.SearchAsync("order=asc&limit=1000");
        return entries.ConvertAll(entry => new LoggedEntry(
            entry.Seq(), Guid.Parse(entry.Id()), Text(entry, "user_id"), Text(entry, "status"), Text(entry, "query"),
            entry.TryGetProperty("attributes", out var attributes) ? Text(attributes, "part") : null));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
