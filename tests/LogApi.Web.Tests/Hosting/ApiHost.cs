using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Infrastructure.Signing;
using LogApi.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Moq;

namespace LogApi.Web.Tests.Hosting;

/// <summary>The whole HTTP side in this process, with mocks in place of the store.</summary>
internal sealed class ApiHost : WebApplicationFactory<Program>
{
    /// <summary>The secret of the known answers.</summary>
    public const string Secret = "a secret of tests, 32 bytes or more";

    private readonly Dictionary<string, string> _settings =
        new(StringComparer.Ordinal) { ["JWT_SECRET_KEY"] = Secret, ["LOG_SIGNING_KEY"] = Some.SigningKey };

    public ApiHost(params (string Name, string Value)[] settings)
    {
        foreach (var (name, value) in settings) _settings[name] = value;
        Sessions.Setup(store => store.FindAsync(It.Is<SessionToken>(token => token.Text == Token.Text), It.IsAny<CancellationToken>()))
            .ReturnsAsync(User);
        Monitor.Setup(monitor => monitor.CheckAsync(It.IsAny<CancellationToken>()))
            .ReturnsAsync(new StoreStatus("redis", Ready: true, "fsync-always", Problem: null));
    }

    public Mock<ILogRepository> Logs { get; } = new();

    /// <summary>What searches and exports go through.</summary>
    public MemorySearch Search { get; set; } = new([]);

    /// <summary>The published tree; empty unless a test publishes one.</summary>
    public MemoryTree Tree { get; } = new(Signer());

    public Mock<ILogStatistics> Statistics { get; } = new();

    public Mock<ISessionStore> Sessions { get; } = new();

    public Mock<IStoreMonitor> Monitor { get; } = new();

    /// <summary>The token of a session that there is.</summary>
    public SessionToken Token { get; } = SessionToken.New();

    /// <summary>Whose session it is.</summary>
    public UserId User { get; } = UserId.Create("your_user_id");

    /// <summary>Has searches and exports find these records.</summary>
    public void Hold(MemorySearch search, int count)
    {
        Search = search;
        Logs.Setup(logs => logs.GetHeadAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogHead("epoch", count));
    }

    /// <summary>A client with the session.</summary>
    public HttpClient CreateSessionClient()
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token.Text);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        builder.ConfigureTestServices(services =>
        {
            // Without a store there is nothing to start; the server itself is added after this.
            services.RemoveAll<IHostedService>();
            services.Replace(ServiceDescriptor.Singleton(Logs.Object));
            services.Replace(ServiceDescriptor.Transient<ILogSearch>(_ => new CurrentSearch(this)));
            services.Replace(ServiceDescriptor.Singleton(Statistics.Object));
            services.Replace(ServiceDescriptor.Singleton(Sessions.Object));
            services.Replace(ServiceDescriptor.Singleton(Monitor.Object));
            services.Replace(ServiceDescriptor.Singleton<ITransparencyLog>(Tree));
        });
    }

    private static CheckpointSigner Signer() =>
        CheckpointSigner.TryCreate(Some.SigningKey, out var signer, out var problem) ? signer : throw new InvalidOperationException(problem);

    private sealed class CurrentSearch(ApiHost host) : ILogSearch
    {
        public IAsyncEnumerable<ScanStep> ScanAsync(LogScan scan, CancellationToken cancellationToken) =>
            host.Search.ScanAsync(scan, cancellationToken);
    }
}
