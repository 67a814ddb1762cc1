using FluentValidation;
using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Logs.ListLogs;

internal sealed class ListNewestLogsQueryValidator : LogFilterValidator<ListNewestLogsQuery>
{
    public ListNewestLogsQueryValidator()
    {
        RuleFor(query => query.Limit).Passes(CheckLimit, "limit");
        RuleFor(query => query.Offset).Passes(offset => offset >= 0 ? null : "must be 0 or more", "offset");

        // Entries that meet conditions are counted off one by one.
        RuleFor(query => query.Offset)
            .Passes(
                offset => offset <= ListNewestLogsQuery.MaxFilteredOffset
                    ? null
                    : $"must be 0 to {ListNewestLogsQuery.MaxFilteredOffset} with conditions such as user_id; GET /api/v1/logs leads further back",
                "offset")
            .When(query => !query.Filter.IsEmpty);
    }

    private static string? CheckLimit(int limit) =>
        limit is >= ListNewestLogsQuery.MinLimit and <= ListNewestLogsQuery.MaxLimit
            ? null
            : $"must be {ListNewestLogsQuery.MinLimit} to {ListNewestLogsQuery.MaxLimit}";
}
