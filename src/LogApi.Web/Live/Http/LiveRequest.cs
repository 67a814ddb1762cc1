using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.ListLogs;
using LogApi.Domain.Entries;
using LogApi.Web.Live.Frames;
using Microsoft.Extensions.Primitives;

namespace LogApi.Web.Live.Http;

/// <summary>What a client asks a live endpoint for.</summary>
/// <param name="WithHistory">Whether the newest entries come first.</param>
/// <param name="Filter">Whose entries; everyone's when null.</param>
/// <param name="Limit">How many entries of history.</param>
/// <param name="Offset">How many of the newest to pass over.</param>
internal sealed record LiveRequest(bool WithHistory, UserFilter? Filter, int Limit, int Offset)
{
    private const int DefaultLimit = 100;
    private static readonly string LimitRange = $"{ListNewestLogsQuery.MinLimit} to {ListNewestLogsQuery.MaxLimit}";
    private static readonly string OffsetRange = $"0 to {int.MaxValue}";

    /// <summary>
    /// Reads the parameters. Those it does not know are ignored; the range of numbers is left to the use case.
    /// </summary>
    public static bool TryParse(
        IQueryCollection query,
        bool withHistory,
        [NotNullWhen(true)] out LiveRequest? request,
        [NotNullWhen(false)] out InvalidRequestError? error)
    {
        var failures = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var userId = ReadOne(query, "user_id", failures);
        if (userId is not null && UserId.Check(userId) is { } problem) failures["user_id"] = [problem];
        var limit = withHistory ? ReadNumber(query, "limit", DefaultLimit, LimitRange, failures) : 0;
        var offset = withHistory ? ReadNumber(query, "offset", 0, OffsetRange, failures) : 0;

        error = failures.Count == 0 ? null : new InvalidRequestError(failures);
        request = error is null
            ? new LiveRequest(withHistory, userId is null ? null : new UserFilter(userId), limit, offset)
            : null;
        return request is not null;
    }

    private static string? ReadOne(IQueryCollection query, string name, Dictionary<string, string[]> failures)
    {
        var values = query.TryGetValue(name, out var found) ? found : StringValues.Empty;
        if (values.Count <= 1) return values.Count == 0 ? null : values[0] ?? "";
        failures[name] = ["must be given once"];
        return null;
    }

    private static int ReadNumber(
        IQueryCollection query, string name, int missing, string range, Dictionary<string, string[]> failures)
    {
        if (ReadOne(query, name, failures) is not { } text) return missing;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        failures[name] = [$"must be a whole number, {range}"];
        return missing;
    }
}
