using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using MediatR;

namespace LogApi.Application.Logs.ListLogs;

internal sealed class ListNewestLogsQueryHandler(ILogRepository logs)
    : IRequestHandler<ListNewestLogsQuery, Result<LogPage>>
{
    public async Task<Result<LogPage>> Handle(ListNewestLogsQuery request, CancellationToken cancellationToken)
    {
        var userId = request.UserId is null ? null : UserId.Create(request.UserId);
        return await logs.FindNewestAsync(userId, request.Limit, request.Offset, cancellationToken);
    }
}
