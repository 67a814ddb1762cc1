using System.Net;
using System.Net.Http.Headers;

namespace LogApi.EndToEnd.Tests.Logs;

/// <summary>A body whose second half is sent when the test says so.</summary>
internal sealed class HaltedBody : HttpContent
{
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _body;

    public HaltedBody(byte[] body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    public void SendTheRest() => _rest.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_body.AsMemory(0, _body.Length / 2));
        await stream.FlushAsync();
        await _rest.Task;
        await stream.WriteAsync(_body.AsMemory(_body.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
