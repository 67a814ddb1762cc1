using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Logs.SearchLogs;

internal sealed class SearchLogsQueryValidator : LogScanValidator<SearchLogsQuery>
{
    public SearchLogsQueryValidator() => RuleFor(query => query.Limit).Passes(CheckLimit, "limit");

    private static string? CheckLimit(int limit) =>
        limit is >= SearchLogsQuery.MinLimit and <= SearchLogsQuery.MaxLimit
            ? null
            : $"must be {SearchLogsQuery.MinLimit} to {SearchLogsQuery.MaxLimit}";
}
