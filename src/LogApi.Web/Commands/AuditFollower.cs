using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LogApi.Application.Audits;
using LogApi.Web.Controllers;
using LogApi.Web.Errors;
using LogApi.Web.Serialization;

namespace LogApi.Web.Commands;

/// <summary>Asks a running service for an audit, or finds the one that it is at, and follows it to its end.</summary>
internal sealed class AuditFollower(Uri address, TextWriter output, ProgressBar bar, TimeProvider time)
{
    private const string User = "audit-command";
    private const int NotDone = 2;
    private const int MostFaults = 30;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Uri _base = new(address.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>Follows the audit.</summary>
    /// <returns>The exit code of <see cref="AuditCommand"/>.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        try
        {
            await LogInAsync(http, cancellationToken);
            if (await StartAsync(http, cancellationToken) is not { } id) return NotDone;
            return await AuditCommand.TellAsync(await FollowAsync(http, id, cancellationToken), output);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            bar.Clear();
            await output.WriteLineAsync($"{address}: {failure.Message}");
            return NotDone;
        }
    }

    private async Task LogInAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            new Uri(_base, "api/v1/login"), new LoginRequest { UserId = User }, ApiJson.Context.LoginRequest, cancellationToken);
        response.EnsureSuccessStatusCode();
        var login = await response.Content.ReadFromJsonAsync(ApiJson.Context.LoginResponse, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login!.AccessToken);
    }

    private async Task<string?> StartAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(_base, "api/v1/audits"), content: null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Accepted)
            return (await response.Content.ReadFromJsonAsync(ApiJson.Context.AuditResponse, cancellationToken))!.Id;
        if (response.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound)) response.EnsureSuccessStatusCode();
        var problem = await response.Content.ReadFromJsonAsync(ApiJson.Context.Problem, cancellationToken);
        await output.WriteLineAsync(problem!.Detail);
        return problem.Code == ProblemKinds.AuditRunning.Code ? problem.AuditId : null;
    }

    private async Task<AuditResponse> FollowAsync(HttpClient http, string id, CancellationToken cancellationToken)
    {
        for (var faults = 0; ;)
        {
            using var response = await http.GetAsync(new Uri(_base, $"api/v1/audits/{id}"), cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                // Audits may last longer than sessions.
                await LogInAsync(http, cancellationToken);
            }
            else if (!response.IsSuccessStatusCode && ++faults >= MostFaults)
            {
                response.EnsureSuccessStatusCode();
            }
            else if (response.IsSuccessStatusCode)
            {
                faults = 0;
                var audit = (await response.Content.ReadFromJsonAsync(ApiJson.Context.AuditResponse, cancellationToken))!;
                bar.Set(audit.TreeSize, audit.EntriesChecked);
                if (audit.State != "running")
                {
                    bar.Clear();
                    return audit;
                }
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
