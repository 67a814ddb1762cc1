using AutoMapper;
using LogApi.Domain.Entries;

namespace LogApi.Application.Logs;

/// <summary>
/// Turns an entry into its served form, text for text. The sequence number comes from the store; the attributes are no flat
/// field, and the mapper would make an empty object of none.
/// </summary>
internal sealed class LogEntryProfile : Profile
{
    public LogEntryProfile() => CreateMap<LogEntry, LogEntryResponse>()
        .ForMember(served => served.Id, from => from.MapFrom(entry => entry.Id.ToString()))
        .ForMember(served => served.UserId, from => from.MapFrom(entry => entry.UserId.Value))
        .ForMember(served => served.Query, from => from.MapFrom(entry => entry.Query.Value))
        .ForMember(served => served.Status, from => from.MapFrom(entry => entry.Status.Value))
        .ForMember(served => served.Timestamp, from => from.MapFrom(entry => entry.Timestamp.Text))
        .ForMember(served => served.Hash, from => from.MapFrom(entry => entry.Hash.Hex))
        .ForMember(served => served.OccurredAt, from => from.MapFrom(entry => entry.OccurredAt == null ? null : entry.OccurredAt.Text))
        .ForMember(served => served.Attributes, from => from.Ignore())
        .ForMember(served => served.Seq, from => from.Ignore())
        .ForMember(served => served.IsReplay, from => from.Ignore());
}
