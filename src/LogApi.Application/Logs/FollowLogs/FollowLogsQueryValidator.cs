using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Logs.FollowLogs;

internal sealed class FollowLogsQueryValidator : LogFilterValidator<FollowLogsQuery>
{
    public FollowLogsQueryValidator() =>
        RuleFor(query => query.After).Passes(after => after is null ? null : StreamPosition.Check(after), "after");
}
