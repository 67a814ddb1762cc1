using AutoMapper;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using MediatR;

namespace LogApi.Application.Logs.CreateLog;

internal sealed class CreateLogCommandHandler(ILogRepository logs, EntryHasher hasher, IMapper mapper, TimeProvider time)
    : IRequestHandler<CreateLogCommand, Result<LogEntryResponse>>
{
    public async Task<Result<LogEntryResponse>> Handle(CreateLogCommand request, CancellationToken cancellationToken)
    {
        var entry = LogEntry.Create(
            UserId.Create(request.UserId), QueryText.Create(request.Query), LogStatus.Create(request.Status), time.GetUtcNow(), hasher);
        var appended = await logs.AppendAsync([new NewEntry(entry, mayExist: false)], WhenFull.Fail, cancellationToken);
        return mapper.Map<LogEntryResponse>(entry) with { Seq = appended[0].Sequence };
    }
}
