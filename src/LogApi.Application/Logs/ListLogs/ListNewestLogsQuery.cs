using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Logs.ListLogs;

/// <summary>Asks where the newest entries are: the history that a live view starts with.</summary>
/// <param name="UserId">Whose entries; everyone's when null.</param>
/// <param name="Limit">How many, <see cref="MinLimit"/> to <see cref="MaxLimit"/>.</param>
/// <param name="Offset">How many of the newest to pass over, 0 or more.</param>
public sealed record ListNewestLogsQuery(string? UserId, int Limit, int Offset) : IRequest<Result<LogPage>>
{
    /// <summary>The fewest entries that can be asked for.</summary>
    public const int MinLimit = 1;

    /// <summary>The most entries that can be asked for.</summary>
    public const int MaxLimit = 1000;
}
