using FluentValidation;
using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Transparency.GetConsistency;

internal sealed class GetConsistencyQueryValidator : AbstractValidator<GetConsistencyQuery>
{
    public GetConsistencyQueryValidator()
    {
        RuleFor(query => query.From).Passes(from => from is >= 1 ? null : "is required: the size of the earlier tree, 1 or more", "from");
        RuleFor(query => query).Passes(query => query.To is null || query.To >= query.From ? null : "must not be less than from", "to");
    }
}
