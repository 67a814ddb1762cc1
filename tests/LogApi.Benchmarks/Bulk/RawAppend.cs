using System.Diagnostics;
using System.Globalization;
using LogApi.Benchmarks.Processes;
using LogApi.Testing;

namespace LogApi.Benchmarks.Bulk;

/// <summary>
/// What the store itself can take: <c>redis-benchmark</c> calls the service's own append script on a redis-server of its own, 64
/// entries at a time, each with an id that is new.
/// </summary>
internal sealed class RawAppend(string fsync)
{
    private const int EntriesPerCall = 64;
    private const int Calls = 6_000;
    private const string Log = "logapi:{log}:";

    private static readonly string[] Users = ["alice", "bruno", "carla", "deniz", "elena", "farid", "greta", "hugo"];

    /// <summary>Gives the entries a second.</summary>
    /// <exception cref="InvalidOperationException">The program is missing, or the script refused the call.</exception>
    public async Task<double> MeasureAsync()
    {
        await using var redis = await RedisServerProcess.StartAsync("--appendfsync", fsync);
        using var client = new RespClient(redis.Port);
        var script = client.Call("SCRIPT", "LOAD", await File.ReadAllTextAsync(BuildOutput.FindSource("src/LogApi.Infrastructure/Redis/Append/append.lua")));
        var rate = EntriesPerCall * await BenchmarkAsync(redis.Port, script);

        // The program draws the ids, and now and then the same one again.
        const int expected = EntriesPerCall * Calls;
        var stored = long.Parse(client.Call("HGET", Log + "head", "next"), CultureInfo.InvariantCulture);
        return stored > expected - (expected / 1000) ? rate
            : throw new InvalidOperationException($"The script stored {stored} entries, not {expected}.");
    }

    private static async Task<double> BenchmarkAsync(int port, string script)
    {
        var start = new ProcessStartInfo("redis-benchmark") { UseShellExecute = false, RedirectStandardOutput = true };
        string[] options =
        [
            "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "8", "-n", Calls.ToString(CultureInfo.InvariantCulture),
            "-r", "2000000000", "--csv",
        ];
        foreach (var argument in options.Concat(Command(script))) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        // "<command>","<calls a second>", and six times taken; the command has quotes of its own.
        const int fromTheEnd = 7;
        var figures = output.Trim().Split("\",\"");
        return process.ExitCode == 0 && figures.Length > fromTheEnd
            && double.TryParse(figures[^fromTheEnd], CultureInfo.InvariantCulture, out var calls)
            ? calls
            : throw new InvalidOperationException("redis-benchmark gave no figures.");
    }

    private static IEnumerable<string> Command(string script)
    {
        var minute = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60).ToString(CultureInfo.InvariantCulture);
        string[] command = ["EVALSHA", script, "3", Log + "head", Log + "ids", Log + "users", Log, Log + "appended", "epoch", "writer", "1"];
        foreach (var part in command) yield return part;
        for (var i = 0; i < EntriesPerCall; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{i:0000}__rand_int__");
            yield return "sixteen-byte-tagthe-salt-of-leaf";
            yield return Users[i % Users.Length];
            yield return $"- {minute} SUCCESS";
            yield return Record(i);
        }
    }

    private static string Record(int i) => string.Concat(
        "{\"id\":\"01890a5d-ac96-774b-bcce-__rand_int__\",\"user_id\":\"",
        Users[i % Users.Length],
        "\",\"query\":\"SELECT id, name, email FROM customers WHERE region = 104711 AND active = 1 ORDER BY name\",\"status\":\"SUCCESS\",",
        "\"timestamp\":\"2026-03-01T12:00:00.123456Z\",\"hash\":\"b0c787a45d5a78b39b50f7879bf2d9fe5c7452194390dcc8ff2ed1e9c36132c8\"}");
}
