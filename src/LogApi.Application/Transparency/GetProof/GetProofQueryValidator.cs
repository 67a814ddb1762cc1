using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Transparency.GetProof;

internal sealed class GetProofQueryValidator : AbstractValidator<GetProofQuery>
{
    public GetProofQueryValidator() => RuleFor(query => query.LogId).Passes(LogId.Check, "id");
}
