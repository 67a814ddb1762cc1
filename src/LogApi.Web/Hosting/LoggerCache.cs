using System.Collections.Concurrent;

namespace LogApi.Web.Hosting;

/// <summary>
/// Gives the same logger for the same category each time. The framework makes a handler for each request that has to be authenticated,
/// which asks for its logger by name, and Serilog's own factory makes another one, with its caches, for each time that it is asked.
/// </summary>
/// <param name="inner">Makes the loggers; disposed with this.</param>
internal sealed class LoggerCache(ILoggerFactory inner) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, inner.CreateLogger);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
