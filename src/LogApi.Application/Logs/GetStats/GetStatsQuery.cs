using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Logs.GetStats;

/// <summary>Asks what is in the log, in numbers.</summary>
/// <param name="Users">How many of the busiest users, <see cref="MinUsers"/> to <see cref="MaxUsers"/>.</param>
public sealed record GetStatsQuery(int Users) : IRequest<Result<StatsResponse>>
{
    /// <summary>The fewest users that can be asked for.</summary>
    public const int MinUsers = 1;

    /// <summary>The most users that can be asked for.</summary>
    public const int MaxUsers = 100;

    /// <summary>How many users are given to who does not say.</summary>
    public const int DefaultUsers = 10;
}
