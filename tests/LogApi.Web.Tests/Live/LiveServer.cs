using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using LogApi.Application;
using LogApi.Application.Ports;
using LogApi.Testing;
using LogApi.Web.Errors;
using LogApi.Web.Hosting;
using LogApi.Web.Live;
using LogApi.Web.Live.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Tests.Live;

/// <summary>The live endpoints on a real server and sockets, with a log in memory.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    /// <summary>Where the event stream is.</summary>
    public const string Stream = "/api/v1/logs/stream";

    private readonly WebApplication _app;

    private LiveServer(WebApplication app, FakeLog log, LoggedEvents events)
    {
        _app = app;
        Log = log;
        LoggedEvents = events.Ids;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Http = new Uri(addresses.Addresses.Single());
    }

    public FakeLog Log { get; }

    /// <summary>The ids of the events the server has logged.</summary>
    public IReadOnlyCollection<int> LoggedEvents { get; }

    public Uri Http { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Http.Port);

    public static async Task<LiveServer> StartAsync(
        LiveOptions? options = null, FakeLog? log = null, string origins = "*", HttpProtocols protocols = HttpProtocols.Http1)
    {
        log ??= new FakeLog();
        var builder = WebApplication.CreateSlimBuilder();
        var events = new LoggedEvents();
        builder.Logging.ClearProviders().AddProvider(events);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Options.Create(options ?? new LiveOptions()));
        builder.Services.AddSingleton(new AllowedOrigins(origins));
        builder.Services.AddSingleton(Some.Hasher);
        builder.Services.AddSingleton<ILogRepository>(log);
        builder.Services.AddSingleton<ILogSearch>(log);
        builder.Services.AddSingleton<ILogFeed>(log);
        builder.Services.AddSingleton<IConnectionRegistry>(log);
        builder.Services.AddSingleton(log.Tree.Object);
        builder.Services.AddApplication(autoMapperLicenseKey: null);
        builder.Services.AddLive();
        var app = builder.Build();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseLive();
        app.MapGet(Stream, static (HttpContext context) => new EventStreamResult(context.Request.Headers[EventStreamEndpoint.LastEventId])
            .ExecuteResultAsync(new ActionContext { HttpContext = context }));
        await app.StartAsync();
        return new LiveServer(app, log, events);
    }

    public Uri Address(string pathAndQuery) => new UriBuilder(new Uri(Http, pathAndQuery)) { Scheme = "ws" }.Uri;

    public async Task<LiveClient> ConnectAsync(string pathAndQuery)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(pathAndQuery), CancellationToken.None).WaitAsync(LiveClient.Patience);
        return new LiveClient(socket);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>Keeps the ids of logged events.</summary>
internal sealed class LoggedEvents : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<int> _ids = new();

    public IReadOnlyCollection<int> Ids => _ids;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _ids.Enqueue(eventId.Id);

    public void Dispose()
    {
    }
}
