using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Logs.ExportLogs;

internal sealed class ExportLogsQueryValidator : LogScanValidator<ExportLogsQuery>
{
    public ExportLogsQueryValidator()
    {
        RuleFor(query => query.Limit).Passes(limit => limit is null or >= 1 ? null : "must be 1 or more", "limit");
        RuleFor(query => query.After).Passes(after => after is null or >= 0 ? null : "must be 0 or more", "after");
        RuleFor(query => query).Passes(
            query => query is { After: not null, Cursor: not null } ? "must not be given together with cursor" : null, "after");
    }
}
