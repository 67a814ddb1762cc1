using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace LogApi.Web.Hosting;

/// <summary>Writes a batch of events as lines of text, in one go.</summary>
internal sealed class BatchedConsole(Stream output) : IBatchedLogEventSink, IDisposable
{
    // Only one batch is written at a time.
    private readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 32 * 1024);

    private readonly MessageTemplateTextFormatter _format = new(
        "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}{Exception}", System.Globalization.CultureInfo.InvariantCulture);

    public async Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        foreach (var entry in batch) _format.Format(entry, _writer);
        await _writer.FlushAsync();
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;

    public void Dispose() => _writer.Dispose();
}
