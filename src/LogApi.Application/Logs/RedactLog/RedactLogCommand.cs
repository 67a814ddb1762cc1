using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Logs.RedactLog;

/// <summary>Asks to erase the content of an entry for good. Asked again, it answers the same and does nothing.</summary>
/// <param name="UserId">Who asks.</param>
/// <param name="LogId">The entry's UUID, as the caller gave it.</param>
/// <param name="Reason">Why; it is logged, and can't be erased.</param>
public sealed record RedactLogCommand(string UserId, string? LogId, string? Reason) : IRequest<Result<RedactedLogResponse>>;
