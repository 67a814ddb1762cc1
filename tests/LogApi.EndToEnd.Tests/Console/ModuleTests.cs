namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The parts of the list, the chart and the stream that decide without a page.</summary>
public sealed class ModuleTests : ConsoleTest
{
    [Test]
    public async Task Entries_MoreThanTheirCapacity_KeepTheNewestInOrderAndEachOnce()
    {
        var page = await OpenModulesAsync();

        var kept = await page.RunAsync<int[]>(
            "entries",
            """
            const entries = new module.Entries();
            for (let from = 0; from < 120_000; from += 500) {
              entries.append(Array.from({ length: 600 }, (_, index) => ({ seq: from + index })));
            }
            const holes = Array.from({ length: entries.length - 1 }, (_, place) => entries.at(place + 1).seq - entries.at(place).seq).filter((step) => step !== 1);
            return [entries.length, entries.oldest.seq, entries.newest.seq, holes.length, entries.placeOf(100_000), entries.placeOf(3)];
            """);

        Assert.That(kept, Is.EqualTo((int[])[50_000, 70_100, 120_099, 0, 29_900, -1]));
    }

    [Test]
    public async Task UnevenRows_AfterRowsWereLetGo_FindTheRowAtAnyHeight()
    {
        var page = await OpenModulesAsync();

        var wrong = await page.RunAsync<int>(
            "row-layout",
            """
            const rows = new module.UnevenRows((entry) => 20 + (18 * (entry % 5)));
            for (let entry = 0; entry < 130_000; entry += 1) {
              rows.append(entry);
              if (rows.length > 50_000) rows.drop(1);
            }
            let wrong = rows.length === 50_000 && rows.topOf(0) === 0 && rows.topOf(49_999) + rows.heightOf(49_999) === rows.total ? 0 : 1;
            for (let place = 0; place < 50_000; place += 7) {
              const top = rows.topOf(place);
              if (rows.placeAt(top) !== place || rows.placeAt(top + rows.heightOf(place) - 1) !== place) wrong += 1;
            }
            return wrong;
            """);

        Assert.That(wrong, Is.Zero);
    }

    [TestCase("short", 20, 1)]
    [TestCase("two\nlines", 20, 2)]
    [TestCase("twenty-one letters...", 20, 2)]
    [TestCase("漢字漢字漢字", 10, 2)]
    [TestCase("", 20, 1)]
    public async Task LinesOf_AText_AreThoseItIsBrokenInto(string text, int letters, int expected)
    {
        var page = await OpenModulesAsync();

        Assert.That(await page.RunAsync<int>("row-layout", "return module.linesOf(argument.text, argument.letters, 8);", new { text, letters }), Is.EqualTo(expected));
    }

    [Test]
    public async Task RateCounts_SeededByTheMinute_CountNothingTwice()
    {
        var page = await OpenModulesAsync();

        var sums = await page.RunAsync<double[]>(
            "rate-counts",
            """
            const minute = Date.parse('2026-03-01T12:00:00Z');
            const at = (second, seq, status) => ({ seq, status, timestamp: new Date(minute + (second * 1000)).toISOString() });
            const counts = new module.RateCounts();
            // The last twenty seconds of the minute were watched: two entries came by then, and one more was loaded as history.
            counts.addLoaded([at(10, 1, 'ERROR')]);
            counts.watch(true, minute + 40_000);
            counts.addLive([at(45, 2, 'ERROR'), at(50, 3, 'SUCCESS')]);
            counts.seed([{ minute: new Date(minute).toISOString(), by_status: { ERROR: 41, SUCCESS: 1 } }]);
            const bars = counts.bars(minute, minute + 60_000, 20_000, minute + 60_000);
            const sum = module.sumOf(bars);
            return [sum.bad, sum.good, bars[0].bad, bars[1].bad, bars[2].bad];
            """);

        Assert.That(sums, Is.EqualTo((double[])[41, 1, 20, 20, 1]).Within(1e-9));
    }

    [Test]
    public async Task LogHistory_RowsWereLetGoAtTheEnd_AsksByTimeAndLeavesOutWhatIsShown()
    {
        var page = await OpenModulesAsync();

        var found = await page.RunAsync<string[]>(
            "log-history",
            """
            const asked = [];
            const entry = (seq) => ({ seq, timestamp: '2026-03-01T12:00:00.000000Z' });
            const pages = [{ items: [entry(9)], next_cursor: 'b' }, { items: [entry(7), entry(6)], next_cursor: 'c' }, { items: [entry(5), entry(4)], next_cursor: null, gaps: [{ from: 3, to: 3, reason: 'gone' }] }];
            const history = new module.LogHistory(async (parameters) => { asked.push(`${parameters.get('cursor')} ${parameters.get('to')}`); return pages.shift(); });
            history.reset(new URLSearchParams('user_id=ada'));
            history.startAt('a', { seq: 10 });
            const first = await history.readOlder({ seq: 10, timestamp: entry(10).timestamp });
            const second = await history.readOlder({ seq: 7, timestamp: entry(7).timestamp });
            return [first.entries, second.entries].map((entries) => entries.map(({ seq }) => seq).join()).concat(asked, String(second.isEnd));
            """);

        Assert.That(found, Is.EqualTo((string[])["9", "6", "a null", "null 2026-03-01T12:00:01.000Z", "false"]));
    }

    [Test]
    public async Task StreamPosition_MessagesOfTheProtocol_MoveItAndNameWhatIsMissing()
    {
        var page = await OpenModulesAsync();

        var told = await page.RunAsync<string[]>(
            "stream-position",
            """
            const all = new module.StreamPosition({ isEverything: true });
            const some = new module.StreamPosition({ isEverything: false });
            const told = [String(all.cursor)];
            for (const position of [all, some]) position.note({ epoch: '00000000000000aa', seq: -1 });
            told.push(all.cursor, JSON.stringify(all.missingBefore(0)), JSON.stringify(all.missingBefore(2)), JSON.stringify(some.missingBefore(2)));
            all.note({ seq: 5 });
            all.note({ seq: 3 });
            told.push(all.cursor);
            all.moveTo('00000000000000aa--1');
            told.push(all.cursor);
            all.note({ epoch: '00000000000000bb', seq: 2 });
            told.push(all.cursor);
            return told;
            """);

        Assert.That(told, Is.EqualTo((string[])["null", "00000000000000aa--1", "null", "{\"from\":0,\"to\":1}", "null", "00000000000000aa-5", "00000000000000aa--1", "00000000000000bb-2"]));
    }
}
