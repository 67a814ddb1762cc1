using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;

namespace LogApi.Application.Sessions.Login;

internal sealed class LoginCommandValidator : AbstractValidator<LoginCommand>
{
    public LoginCommandValidator() => RuleFor(command => command.UserId).Passes(Check, "user_id");

    private static string? Check(string? userId) => UserId.Check(userId) ?? ServiceUsers.CheckNotReserved(userId!);
}
