using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LogApi.Benchmarks.Clients;

namespace LogApi.Benchmarks.Bulk;

/// <summary>
/// Writes batches, a thread for each connection: the next one goes out when the last one is answered. The bodies are made
/// before the clock starts, and the answers leave the accepted entries out, so that the client costs little.
/// </summary>
internal sealed class IngestClient(int port, IReadOnlyList<string> tokens, int connections, int batch, long entries) : IDisposable
{
    private const int BodiesPerConnection = 64;

    private readonly CountdownEvent _ready = new(connections);
    private readonly ManualResetEventSlim _start = new();
    private long _left = entries;
    private long _accepted;
    private long _refused;

    public static Task<int> RunAsync(CommandLine arguments)
    {
        using var client = new IngestClient(
            arguments.Number("port", 0),
            arguments.Text("token", "").Split(','),
            arguments.Number("connections", 4),
            arguments.Number("batch", 1000),
            arguments.Number("count", 100_000));
        Console.Out.WriteLine(client.Run().ToLine());
        return Task.FromResult(0);
    }

    /// <exception cref="AggregateException">A connection broke, or an answer can't be read.</exception>
    public IngestResult Run()
    {
        var work = Enumerable.Range(0, connections)
            .Select(number => Task.Factory.StartNew(
                () => Write(number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        _ready.Wait();
        var started = Stopwatch.GetTimestamp();
        _start.Set();
        Task.WaitAll(work);
        return new IngestResult(
            _accepted, _refused, Stopwatch.GetElapsedTime(started).TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    public void Dispose()
    {
        _ready.Dispose();
        _start.Dispose();
    }

    private void Write(int number)
    {
        var generator = new RealisticEntries(number);
        var random = new Random(number);
        var requests = Enumerable.Range(0, BodiesPerConnection).Select(_ => Build(Pick(random), generator.Lines(batch))).ToArray();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        _ready.Signal();
        _start.Wait();
        var buffer = new byte[64 * 1024];
        for (var next = 0; Interlocked.Add(ref _left, -batch) > -batch; next++)
        {
            Send(socket, requests[next % requests.Length]);
            var answer = Receive(socket, ref buffer);
            Interlocked.Add(ref _accepted, answer.Accepted);
            Interlocked.Add(ref _refused, batch - answer.Accepted);
        }
    }

    /// <summary>Some users write much more than others.</summary>
    private string Pick(Random random) => tokens[(int)(tokens.Count * Math.Pow(random.NextDouble(), 2))];

    private static byte[] Build(string token, byte[] body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /api/v1/logs/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nPrefer: return=minimal\r\n")
            + string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/x-ndjson\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty) request = request[socket.Send(request)..];
    }

    private static Answer Receive(Socket socket, ref byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var count = socket.Receive(buffer.AsSpan(length));
            if (count == 0) throw new IOException("The server closed a connection.");
            length += count;
            if (ResponseFrame.TryRead(buffer.AsSpan(0, length), out var response)) return Read(response, buffer.AsSpan(0, length));
            if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
        }
    }

    private static Answer Read(ResponseFrame response, ReadOnlySpan<byte> bytes)
    {
        var body = bytes[response.BodyStart..response.Length];
        if (response.Status != 200) throw new InvalidDataException($"A batch was answered {response.Status}: {Encoding.UTF8.GetString(body)}");
        using var document = JsonDocument.Parse(body[0] == '{' ? body.ToArray() : Join(body));
        return new Answer(document.RootElement.GetProperty("accepted").GetInt32());
    }

    /// <summary>Takes the sizes out of a body that comes in chunks (RFC 9112 §7.1).</summary>
    private static byte[] Join(ReadOnlySpan<byte> chunks)
    {
        var body = new ArrayBufferWriter<byte>(chunks.Length);
        while (Utf8Parser.TryParse(chunks, out int size, out var digits, 'x') && size > 0)
        {
            body.Write(chunks.Slice(digits + 2, size));
            chunks = chunks[(digits + 2 + size + 2)..];
        }

        return body.WrittenSpan.ToArray();
    }

    private readonly record struct Answer(int Accepted);
}
