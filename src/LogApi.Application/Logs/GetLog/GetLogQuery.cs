using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using MediatR;

namespace LogApi.Application.Logs.GetLog;

/// <summary>Asks for one entry.</summary>
/// <param name="LogId">The entry's UUID, as the caller gave it.</param>
public sealed record GetLogQuery(string? LogId) : IRequest<Result<StoredRecord>>;
