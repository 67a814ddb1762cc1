using FluentValidation;
using LogApi.Application.Common.Behaviors;

namespace LogApi.Application.Logs.GetStats;

internal sealed class GetStatsQueryValidator : AbstractValidator<GetStatsQuery>
{
    public GetStatsQueryValidator() => RuleFor(query => query.Users).Passes(CheckUsers, "users");

    private static string? CheckUsers(int users) =>
        users is >= GetStatsQuery.MinUsers and <= GetStatsQuery.MaxUsers
            ? null
            : $"must be {GetStatsQuery.MinUsers} to {GetStatsQuery.MaxUsers}";
}
