using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>Counts the events that carry an exception.</summary>
internal sealed class FailureCount<T> : ILogger<T>
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null) Interlocked.Increment(ref _value);
    }
}
