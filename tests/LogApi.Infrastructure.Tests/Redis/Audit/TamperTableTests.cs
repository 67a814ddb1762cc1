using LogApi.Infrastructure.Tests.Stores;
using LogApi.Testing;

namespace LogApi.Infrastructure.Tests.Redis.Audit;

/// <summary>For each kind of key in the store, whatever is done to it is noticed, and named as docs/tamper-evidence.md says.</summary>
[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]
internal sealed class TamperTableTests(StoreKind kind)
{
    private TamperedLog? _log;

    public static IEnumerable<TestCaseData> Rows() => TamperTable.Rows.Select(row => new TestCaseData(row).SetArgDisplayNames(row.ToString(), row.Notice));

    [OneTimeSetUp]
    public async Task FillAsync() => _log = await TamperedLog.StartAsync(kind);

    [OneTimeTearDown]
    public async Task EmptyAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
    }

    [TestCaseSource(nameof(Rows))]
    public async Task Change_Any_IsNoticedAsThePageSays(TamperRow row)
    {
        await _log!.RestoreAsync();

        await row.ChangeAsync(_log);

        await row.AssertAsync(_log);
    }
}

/// <summary>The page of documentation says what the tests find.</summary>
internal sealed class TamperPageTests
{
    private static string Page => Repository.Combine("docs", "tamper-evidence.md");

    [Test]
    public void Page_Rows_AreThoseThatAreTested()
    {
        var page = File.ReadAllLines(Page);

        var lines = page.SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'));

        Assert.That(lines, Is.EqualTo(TamperTable.Rows.Select(row => row.Line)));
    }

    [Test]
    public void Rows_Keys_AreAllThatTheServiceWrites()
    {
        var source = File.ReadAllText(Repository.Combine("src", "LogApi.Infrastructure", "Redis", "RedisKeys.cs"));
        const string start = "<c>logapi:";
        var named = source.Split("channels")[0].Split(start).Skip(1).Select(part => part[..part.IndexOf("</c>", StringComparison.Ordinal)])
            .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);

        Assert.That(named.Except(TamperTable.Rows.Select(row => row.Key), StringComparer.Ordinal), Is.Empty);
    }
}
