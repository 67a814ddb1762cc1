using LogApi.Application.Logs.ListLogs;
using LogApi.Domain.Search;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Http;
using LogApi.Web.Live.Ring;

namespace LogApi.Web.Live.Connections;

/// <summary>Sends the history message, holding only a few of its records at a time.</summary>
internal static class HistorySender
{
    private static readonly byte[] Separator = ","u8.ToArray();

    /// <summary>Sends it.</summary>
    /// <param name="history">What is in it.</param>
    /// <param name="request">What the client asked for.</param>
    /// <param name="at">Where the client is after it.</param>
    /// <param name="message">The message.</param>
    /// <param name="live">Where the records are read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task SendAsync(
        NewestLogs history, LiveRequest request, LiveCursor at, MessageWriter message, LiveServices live, CancellationToken cancellationToken)
    {
        var size = new PageSize(live.Options.WriteBytes);
        var prefix = new byte[LiveMessages.MaxPrefixBytes];
        var sequences = history.Page.Sequences;
        await message.AppendAsync(LiveMessages.HistoryStart(request.Filter.UserId, request.History!, sequences.Count));
        for (var sent = 0; sent < sequences.Count;)
        {
            var wanted = sequences.Skip(sent).Take(size.Count).ToArray();
            var records = await live.Store.ReadAsync(wanted, cancellationToken);
            size.Learn(records);
            foreach (var entry in records)
            {
                if (sent++ > 0) await message.AppendAsync(Separator);
                if (RecordFields.IsServable(entry.Record.Span))
                {
                    var length = LiveMessages.WriteEntryPrefix(prefix, entry.Sequence, asMessage: false);
                    await message.AppendAsync(prefix.AsMemory(0, length));
                    await message.AppendAsync(entry.Record[1..]);
                }
                else
                {
                    await message.AppendAsync(LiveMessages.Missing(entry, asMessage: true));
                }
            }
        }

        await message.AppendAsync(LiveMessages.HistoryEnd(history.NextCursor, at));
        await message.EndAsync();
    }
}
