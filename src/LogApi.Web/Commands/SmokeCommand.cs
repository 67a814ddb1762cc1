using System.Globalization;
using System.Net.WebSockets;

namespace LogApi.Web.Commands;

/// <summary>
/// <c>smoke [URL]</c>: goes through the usage guide against a running service as any client would. A line a step with the time
/// it took; ends at the first that fails, with what was expected and what came. It leaves its entries behind, under a user of
/// their own.
/// </summary>
internal static class SmokeCommand
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0 when every step passed, otherwise 1.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        if (SubCommands.ReadAddress(arguments) is not { } address)
        {
            await output.WriteLineAsync($"usage: smoke [URL], such as {SubCommands.DefaultAddress}");
            return 1;
        }

        await output.WriteLineAsync($"smoke test of {address}");
        await using var tour = new SmokeTour(address);
        var started = time.GetTimestamp();
        foreach (var (name, step) in tour.Steps)
        {
            var begun = time.GetTimestamp();
            var failure = await RunStepAsync(step, time, cancellationToken);
            await output.WriteLineAsync(Line(failure is null ? "ok  " : "FAIL", time.GetElapsedTime(begun), name));
            if (failure is null) continue;
            await output.WriteLineAsync($"  {failure}");
            return 1;
        }

        await output.WriteLineAsync(Line("ok  ", time.GetElapsedTime(started), $"all {tour.Steps.Count} steps"));
        return 0;
    }

    private static async Task<string?> RunStepAsync(
        Func<CancellationToken, Task> step, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StepLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await step(either.Token);
            return null;
        }
        catch (Exception failure) when (failure is UnexpectedAnswerException or HttpRequestException or WebSocketException)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"expected an answer within {StepLimit.TotalSeconds} s; none came");
        }
    }

    private static string Line(string outcome, TimeSpan taken, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{outcome} {taken.TotalMilliseconds,8:0.0} ms  {what}");
}

/// <summary>A service did not answer as it should.</summary>
internal sealed class UnexpectedAnswerException(string expected, string actual)
    : Exception($"expected {expected}; got {(actual.Length > 500 ? actual[..500] + "..." : actual)}");
