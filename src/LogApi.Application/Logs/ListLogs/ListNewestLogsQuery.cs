using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Logs.ListLogs;

/// <summary>Asks where the newest entries are: the history that a live view starts with.</summary>
/// <param name="UserId">Whose entries; everyone's when null.</param>
/// <param name="Limit">How many, <see cref="MinLimit"/> to <see cref="MaxLimit"/>.</param>
/// <param name="Offset">How many of the newest to pass over, 0 or more; of one user's, up to <see cref="MaxOffsetOfUser"/>.</param>
public sealed record ListNewestLogsQuery(string? UserId, int Limit, int Offset) : IRequest<Result<LogPage>>
{
    /// <summary>The fewest entries that can be asked for.</summary>
    public const int MinLimit = 1;

    /// <summary>The most entries that can be asked for.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The most entries of one user that can be passed over: each of them is read to be counted.</summary>
    public const int MaxOffsetOfUser = 10_000;
}
