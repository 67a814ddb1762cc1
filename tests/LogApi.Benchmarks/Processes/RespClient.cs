using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogApi.Benchmarks.Processes;

/// <summary>A few commands to a redis-server of this program's own: enough of RESP for replies of one value.</summary>
internal sealed class RespClient : IDisposable
{
    private readonly TcpClient _client = new();

    public RespClient(int port) => _client.Connect(IPAddress.Loopback, port);

    /// <summary>Sends a command and gives its reply; empty for none.</summary>
    /// <exception cref="InvalidOperationException">The server answered with an error.</exception>
    public string Call(params string[] command)
    {
        var stream = _client.GetStream();
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        stream.Write(Encoding.UTF8.GetBytes(request.ToString()));

        var line = ReadLine(stream);
        if (line[0] == '-') throw new InvalidOperationException($"{command[0]}: {line[1..]}");
        if (line[0] != '$') return line[1..];
        var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (length < 0) return "";
        var value = new byte[length + 2];
        stream.ReadExactly(value);
        return Encoding.UTF8.GetString(value, 0, length);
    }

    /// <summary>Gives a whole number out of <c>INFO</c>.</summary>
    public long Info(string section, string field)
    {
        var line = Call("INFO", section).Split("\r\n").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length + 1), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _client.Dispose();

    private static string ReadLine(NetworkStream stream)
    {
        var line = new StringBuilder();
        for (int next; (next = stream.ReadByte()) != '\n';)
        {
            if (next < 0) throw new IOException("The server closed the connection.");
            if (next != '\r') line.Append((char)next);
        }

        return line.ToString();
    }
}
