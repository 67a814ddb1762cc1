using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.RedactLog;

internal sealed class RedactLogCommandValidator : AbstractValidator<RedactLogCommand>
{
    public RedactLogCommandValidator()
    {
        RuleFor(command => command.UserId).Passes(UserId.Check, "user_id");
        RuleFor(command => command.LogId).Passes(LogId.Check, "id");
        RuleFor(command => command.Reason).Passes(RedactionReason.Check, "reason");
    }
}
