using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.ListLogs;

internal sealed class ListNewestLogsQueryValidator : AbstractValidator<ListNewestLogsQuery>
{
    public ListNewestLogsQueryValidator()
    {
        RuleFor(query => query.UserId).Passes(userId => userId is null ? null : UserId.Check(userId), "user_id");
        RuleFor(query => query.Limit).Passes(CheckLimit, "limit");
        RuleFor(query => query.Offset).Passes(offset => offset >= 0 ? null : "must be 0 or more", "offset");

        // One user's entries are counted off one by one.
        RuleFor(query => query.Offset)
            .Passes(
                offset => offset <= ListNewestLogsQuery.MaxOffsetOfUser
                    ? null
                    : $"must be 0 to {ListNewestLogsQuery.MaxOffsetOfUser} with user_id; GET /api/v1/logs leads further back",
                "offset")
            .When(query => query.UserId is not null);
    }

    private static string? CheckLimit(int limit) =>
        limit is >= ListNewestLogsQuery.MinLimit and <= ListNewestLogsQuery.MaxLimit
            ? null
            : $"must be {ListNewestLogsQuery.MinLimit} to {ListNewestLogsQuery.MaxLimit}";
}
