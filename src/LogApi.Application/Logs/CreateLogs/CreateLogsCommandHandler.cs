using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLogs;

internal sealed class CreateLogsCommandHandler(ILogRepository logs, EntryHasher hasher, TimeProvider time)
    : IRequestHandler<CreateLogsCommand, Result<CreateLogsResponse>>
{
    public async Task<Result<CreateLogsResponse>> Handle(CreateLogsCommand request, CancellationToken cancellationToken)
    {
        var run = new BatchRun(logs, new EntryMaker(request.UserId, hasher, time));
        await run.AppendAsync(request.Items, cancellationToken);
        return new CreateLogsResponse(run.Results);
    }
}
