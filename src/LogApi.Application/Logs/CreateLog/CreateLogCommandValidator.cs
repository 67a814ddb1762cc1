using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.CreateLog;

internal sealed class CreateLogCommandValidator : AbstractValidator<CreateLogCommand>
{
    public CreateLogCommandValidator()
    {
        RuleFor(command => command.Id).Passes(id => id is null ? null : LogId.Check(id), "id");
        RuleFor(command => command.UserId).Passes(UserId.Check, "user_id");
        RuleFor(command => command.Query).Passes(QueryText.Check, "query");
        RuleFor(command => command.Status).Passes(LogStatus.Check, "status");
        RuleFor(command => command.OccurredAt).Passes(time => time is null ? null : LogTimestamp.CheckInstant(time), "occurred_at");
        RuleFor(command => command.Attributes).Passes(LogAttributes.Check, "attributes");
    }
}
