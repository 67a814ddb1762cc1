using LogApi.Domain.Entries;
using LogApi.Testing;
using LogApi.Web.Tests.Hosting;

namespace LogApi.Web.Tests.Search;

public sealed class ExportResultTests
{
    private const int Count = 20_000;

    [Test]
    public async Task Export_ClientThatTakesNothing_HoldsTheReadingBackAndLeavingEndsIt()
    {
        var record = (ReadOnlyMemory<byte>)EntryRecord.Encode(Some.Entry(query: new string('q', 10_000)));
        var search = new MemorySearch([.. Enumerable.Repeat(record, Count)], stepEntries: 10);
        await using var host = new ApiHost();
        using var client = host.CreateClient();
        host.Hold(search, Count);

        using (await client.GetAsync(new Uri("/api/v1/logs/export", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            await Eventually.BecomesTrueAsync(() => search.Looked > 0);
            Assert.That(search.IsOver, Is.False);
        }

        await Eventually.BecomesTrueAsync(() => search.IsOver);
        Assert.That(search.Looked, Is.LessThan(Count / 10), "what was not taken was not read, either");
    }
}
