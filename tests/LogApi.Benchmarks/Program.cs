using LogApi.Benchmarks;
using LogApi.Benchmarks.Bare;
using LogApi.Benchmarks.Bulk;
using LogApi.Benchmarks.Fanout;
using LogApi.Benchmarks.Hashing;
using LogApi.Benchmarks.Load;
using LogApi.Benchmarks.Signing;

const string Usage = """
    Modes (run in Release; the README beside this program says more):
      load    what writing one entry costs against a bare MVC endpoint, writing many against the append script itself, and
              reading and writing a log of 3,000,000 entries against one of 10,000; on redis-server and on the embedded store;
              with --parts fanout,idle: entries that arrive at the clients of live streams, and what clients cost that only
              wait, next to nginx's nchan
      signing how soon an entry is under a signed checkpoint, and how fast many are, on both stores
      hashing what the tree costs on one core: leaves, growth, proofs
      bare, generate, ingest, subscribe, wait    the processes that these start
    """;

var mode = args.FirstOrDefault() ?? "";
var rest = args.Skip(1);
try
{
    return await (mode switch
    {
        "load" => LoadMode.RunAsync(CommandLine.Parse(rest, LoadMode.Names)),
        "hashing" => HashingMode.RunAsync(CommandLine.Parse(rest, HashingMode.Names)),
        "signing" => SigningMode.RunAsync(CommandLine.Parse(rest, SigningMode.Names)),
        "bare" => BareServer.RunAsync(CommandLine.Parse(rest, "port")),
        "ingest" => IngestClient.RunAsync(CommandLine.Parse(rest, "port", "token", "connections", "batch", "count")),
        "generate" => LoadGenerator.RunAsync(CommandLine.Parse(rest, "port", "token", "path", "connections", "warmup", "seconds")),
        "wait" => IdleClients.RunAsync(CommandLine.Parse(rest, IdleClients.Names)),
        "subscribe" => FanoutClients.RunAsync(CommandLine.Parse(rest, FanoutOptions.Names)),
        _ => throw new UsageException(Usage),
    });
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (Exception e) when (e is IOException or InvalidOperationException or HttpRequestException or TimeoutException)
{
    await Console.Error.WriteLineAsync($"{mode}: {e.Message}");
    return 1;
}
