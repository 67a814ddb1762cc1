using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Embedded;

/// <summary>Passes on the embedded store's warnings and errors only: it also reports every option and every connection.</summary>
internal sealed class EmbeddedLog(ILoggerFactory inner) : ILoggerFactory
{
    private volatile bool _isSilent;

    /// <summary>Passes on nothing more.</summary>
    public void Silence() => _isSilent = true;

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => new Filter(this, inner.CreateLogger("EmbeddedStore." + categoryName));

    public void Dispose()
    {
        // The inner factory is its maker's to dispose; the store disposes of the one it was given.
    }

    private sealed class Filter(EmbeddedLog log, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && !log._isSilent && logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
