using LogApi.Benchmarks.Processes;
using LogApi.Testing;

namespace LogApi.Benchmarks.Fanout;

/// <summary>nginx with nchan, a well-known fast broker for WebSockets, as something to compare with.</summary>
internal static class NchanServer
{
    public const string StreamPath = "/sub";
    public const string BrokerPath = "/pub";

    /// <summary>
    /// It tells messages of one second apart by a number of 15 bits, and its clients get nothing more once there are too many; this is
    /// safely below.
    /// </summary>
    public const int MostMessagesPerSecond = 25_000;

    private const string Module = "ngx_nchan_module.so";
    private static readonly string[] ModuleFolders = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"];
    private static readonly string[] Programs = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    /// <summary>Why there is nothing to compare with; null when there is.</summary>
    public static string? UnavailableReason =>
        FindModule() is null || Array.Find(Programs, File.Exists) is null ? "nginx with nchan is not installed" : null;

    public static Task<Target> StartAsync() => Target.StartAsync("nginx nchan", async target =>
    {
        target.Port = FreePort.Next();
        var folder = target.Own(new TempDirectory());
        var configuration = folder.Combine("nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(FindModule()!, target.Port));
        string[] arguments = ["-p", folder.Path, "-c", configuration, "-e", "stderr"];
        var process = target.Own(
            ChildProcess.Start(Array.Find(Programs, File.Exists)!, arguments, folder.Combine("nginx.log"), folder.Path));
        target.ProcessIds = [process.Id];
        await PortProbe.WaitAsync(target.Port);
    });

    private static string? FindModule() =>
        Array.Find(ModuleFolders, folder => File.Exists(Path.Combine(folder, Module))) is { } found ? Path.Combine(found, Module) : null;

    // One process without a master: its time is all there is to count.
    private static string Configuration(string module, int port) => $$"""
        load_module {{module}};
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        worker_rlimit_nofile 16384;
        events { worker_connections 16384; }
        http {
            access_log off;
            keepalive_requests 100000000;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            server {
                listen 127.0.0.1:{{port}};
                location = {{BrokerPath}} {
                    nchan_publisher; nchan_channel_id log; nchan_message_buffer_length 8192; nchan_message_timeout 1m;
                }
                location = {{StreamPath}} {
                    nchan_subscriber websocket; nchan_channel_id log; nchan_subscriber_first_message newest;
                    nchan_websocket_ping_interval 30s;
                }
            }
        }
        """;
}
