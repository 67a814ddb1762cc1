using System.Globalization;

namespace LogApi.Web.Commands;

/// <summary>
/// <c>health [URL]</c>: asks a running service whether entries can be stored. For the health check of a container, whose image
/// has no other HTTP client. An address with a path of its own, such as <c>/health/live</c>, is asked for just that.
/// </summary>
internal static class HealthCommand
{
    // Docker's own limit is set in the image; this one is below it, so that the answer says what happened.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0 when the answer is 200, otherwise 1.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        if (SubCommands.ReadAddress(arguments) is not { } address)
        {
            await output.WriteLineAsync($"usage: health [URL], such as {SubCommands.DefaultAddress}");
            return 1;
        }

        var probe = address.AbsolutePath == "/" ? new Uri(address, "/health/ready") : address;
        var (healthy, answer) = await AskAsync(probe, time, cancellationToken);
        await output.WriteLineAsync($"{probe}: {answer}");
        return healthy ? 0 : 1;
    }

    private static async Task<(bool Healthy, string Answer)> AskAsync(Uri probe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await http.GetAsync(probe, either.Token);
            var body = await response.Content.ReadAsStringAsync(either.Token);
            return ((int)response.StatusCode == 200, string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {body}"));
        }
        catch (HttpRequestException failure)
        {
            return (false, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, string.Create(CultureInfo.InvariantCulture, $"no answer within {Limit.TotalSeconds} s"));
        }
    }
}
