using LogApi.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LogApi.Web.Tests.Hosting;

[Parallelizable(ParallelScope.All)]
public sealed class LoggerCacheTests
{
    [Test]
    public async Task CreateLogger_SameCategory_MakesItOnce()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddLogging();
        await using var app = builder.Build();
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();

        var first = loggers.CreateLogger("one");

        Assert.That(loggers.CreateLogger("one"), Is.SameAs(first));
        Assert.That(loggers.CreateLogger("other"), Is.Not.SameAs(first));
    }
}
