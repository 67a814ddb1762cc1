using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.CreateLog;

internal sealed class CreateLogCommandValidator : AbstractValidator<CreateLogCommand>
{
    public CreateLogCommandValidator()
    {
        RuleFor(command => command.UserId).Passes(UserId.Check, "user_id");
        RuleFor(command => command.Query).Passes(QueryText.Check, "query");
        RuleFor(command => command.Status).Passes(LogStatus.Check, "status");
    }
}
