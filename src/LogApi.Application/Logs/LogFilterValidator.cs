using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;
using LogApi.Domain.Search;

namespace LogApi.Application.Logs;

/// <summary>A request for those entries that meet some conditions.</summary>
internal interface ILogFilterRequest
{
    /// <summary>Which entries.</summary>
    LogFilterRequest Filter { get; }
}

/// <summary>A request that goes through the log for entries.</summary>
internal interface ILogScanRequest : ILogFilterRequest
{
    /// <summary><c>desc</c> or <c>asc</c>; null for the one that is usual.</summary>
    string? Order { get; }

    /// <summary>Where an earlier answer ended; null to start at the beginning.</summary>
    string? Cursor { get; }
}

/// <summary>The rules of the conditions.</summary>
internal abstract class LogFilterValidator<T> : AbstractValidator<T>
    where T : ILogFilterRequest
{
    private const int MaxStatuses = 32;

    protected LogFilterValidator()
    {
        RuleFor(request => request.Filter.UserId).Passes(userId => userId is null ? null : UserId.Check(userId), "user_id");
        RuleFor(request => request.Filter.Statuses).Passes(CheckStatuses, "status");
        RuleFor(request => request.Filter.From).Passes(CheckInstant, "from");
        RuleFor(request => request.Filter.To).Passes(CheckInstant, "to");
        RuleFor(request => request.Filter).Passes(CheckSpan, "to");
        RuleFor(request => request.Filter.Text).Passes(text => text is null ? null : LogFilter.CheckText(text), "q");
        RuleFor(request => request.Filter.Attributes).Custom((attributes, context) =>
        {
            foreach (var pair in attributes)
            {
                if (LogAttributes.Check([KeyValuePair.Create(pair.Key, (string?)pair.Value)]) is { } problem)
                    context.AddFailure("attr." + pair.Key, problem);
            }

            if (attributes.Count > LogAttributes.MaxCount)
                context.AddFailure("attr", $"must be at most {LogAttributes.MaxCount} attributes; there are {attributes.Count}");
        });
    }

    private static string? CheckStatuses(IReadOnlyList<string> statuses) => statuses.Count > MaxStatuses
        ? $"must be at most {MaxStatuses} statuses; there are {statuses.Count}"
        : statuses.Select(LogStatus.Check).FirstOrDefault(problem => problem is not null);

    private static string? CheckInstant(string? instant) => instant is null ? null : LogTimestamp.CheckInstant(instant);

    private static string? CheckSpan(LogFilterRequest filter) =>
        LogFilterRequest.Instant(filter.From) is { } from && LogFilterRequest.Instant(filter.To) is { } to && to.Utc < from.Utc
            ? "must not be before 'from'"
            : null;
}

/// <summary>The rules that all requests share that go through the log.</summary>
internal abstract class LogScanValidator<T> : LogFilterValidator<T>
    where T : ILogScanRequest
{
    protected LogScanValidator()
    {
        RuleFor(request => request.Order).Passes(LogOrders.Check, "order");
        RuleFor(request => request.Cursor).Passes(LogCursor.Check, "cursor");
    }
}
