using FluentValidation;

namespace LogApi.Application.Common.Behaviors;

/// <summary>Lets a validator hold a field against the rule that a value object already has, so no rule is written twice.</summary>
internal static class RuleBuilderExtensions
{
    /// <param name="rule">The field.</param>
    /// <param name="check">Gives what is wrong with a value, or nothing; such as <c>UserId.Check</c>.</param>
    /// <param name="field">The field's name on the wire.</param>
    public static IRuleBuilderOptionsConditions<T, TValue> Passes<T, TValue>(
        this IRuleBuilder<T, TValue> rule, Func<TValue, string?> check, string field) =>
        rule.Custom((value, context) =>
        {
            if (check(value) is { } problem) context.AddFailure(field, problem);
        });
}
