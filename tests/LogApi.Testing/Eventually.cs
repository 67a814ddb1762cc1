using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LogApi.Testing;

/// <summary>Waits for what other processes and threads bring about, by asking again and again within a bound.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DefaultBound = TimeSpan.FromSeconds(10);

    /// <summary>Returns as soon as the condition holds.</summary>
    /// <param name="condition">Asked every 10 ms. An exception of it ends the wait.</param>
    /// <param name="timeout">How long it may take; 10 s unless told.</param>
    /// <param name="description">What was waited for; the condition's own text unless told.</param>
    /// <exception cref="TimeoutException">The condition did not come to hold in time.</exception>
    public static Task BecomesTrueAsync(
        Func<bool> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string description = "") =>
        BecomesTrueAsync(() => Task.FromResult(condition()), timeout, description);

    /// <inheritdoc cref="BecomesTrueAsync(Func{bool}, TimeSpan?, string)"/>
    public static async Task BecomesTrueAsync(
        Func<Task<bool>> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string description = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var bound = timeout ?? DefaultBound;
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
                throw new TimeoutException($"Not within {bound.TotalSeconds} s: {description}");
            await Task.Delay(Interval);
        }
    }
}
