using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs.GetLog;

internal sealed class GetLogQueryValidator : AbstractValidator<GetLogQuery>
{
    public GetLogQueryValidator() => RuleFor(query => query.LogId).Passes(LogId.Check, "id");
}
