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
        var entry = Make(request);
        var appended = await logs.AppendAsync([new NewEntry(entry, mayExist: request.Id is not null)], WhenFull.Fail, cancellationToken);
        if (!EntryOutcome.TryGetStored(entry, appended[0], out var stored, out var error)) return error;
        return mapper.Map<LogEntryResponse>(stored) with { Attributes = Attributes(stored), Seq = appended[0].Sequence };
    }

    private LogEntry Make(CreateLogCommand request) => LogEntry.Create(
        UserId.Create(request.UserId),
        QueryText.Create(request.Query),
        LogStatus.Create(request.Status),
        time.GetUtcNow(),
        hasher,
        LogTimestamp.TryParseInstant(request.OccurredAt, out var occurredAt) ? occurredAt : null,
        LogAttributes.Create(request.Attributes),
        request.Id is null ? null : LogId.Create(request.Id));

    // An ordered dictionary, to serve them as the record has them.
    private static OrderedDictionary<string, string>? Attributes(LogEntry entry)
    {
        if (entry.Attributes.Pairs.Count == 0) return null;
        return new OrderedDictionary<string, string>(entry.Attributes.Pairs, StringComparer.Ordinal);
    }
}
