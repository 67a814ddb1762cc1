using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Web.Live.Frames;
using LogApi.Web.Live.Http;

namespace LogApi.Web.Live.Connections;

/// <summary>Sends the history message of <c>/ws/logs</c>, holding only a few of its records at a time.</summary>
internal static class HistorySender
{
    private static readonly byte[] Separator = ","u8.ToArray();
    private static readonly byte[] End = "]}"u8.ToArray();

    public static async Task SendAsync(
        LiveRequest request, LogPage page, PatientReader store, ClientWriter client, int bufferBytes, CancellationToken cancellationToken)
    {
        var message = new MessageWriter(client, bufferBytes);
        var size = new PageSize(bufferBytes);
        var prefix = new byte[LiveMessages.MaxPrefixBytes];
        var sequences = page.Sequences;
        await message.AppendAsync(
            LiveMessages.HistoryStart(request.Filter?.UserId, request.Limit, request.Offset, sequences.Count));
        for (var sent = 0; sent < sequences.Count;)
        {
            var wanted = sequences.Skip(sent).Take(size.Count).ToArray();
            var records = await store.ReadAsync(wanted, cancellationToken);
            size.Learn(records);
            foreach (var entry in records)
            {
                if (sent++ > 0) await message.AppendAsync(Separator);
                if (RedactedRecord.TryDecode(entry.Record.Span, out _) || RecordShape.TryLocateUserId(entry.Record.Span, out _))
                {
                    var length = LiveMessages.WriteEntryPrefix(prefix, entry.Sequence, asMessage: false);
                    await message.AppendAsync(prefix.AsMemory(0, length));
                    await message.AppendAsync(entry.Record[1..]);
                }
                else
                {
                    await message.AppendAsync(LiveMessages.Missing(entry));
                }
            }
        }

        await message.AppendAsync(End);
        await message.EndAsync();
    }
}
