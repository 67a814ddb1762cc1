using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.VerifyLog;

internal sealed class VerifyLogQueryValidator : AbstractValidator<VerifyLogQuery>
{
    public VerifyLogQueryValidator() => RuleFor(query => query.LogId).Passes(LogId.Check, "log_id");
}
