using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Entries;
using MediatR;

namespace LogApi.Application.Logs.GetStats;

internal sealed class GetStatsQueryHandler(ILogStatistics statistics, TimeProvider time)
    : IRequestHandler<GetStatsQuery, Result<StatsResponse>>
{
    private const int Minutes = 60;

    private static readonly IReadOnlyDictionary<string, long> Nothing = new Dictionary<string, long>(StringComparer.Ordinal);

    public async Task<Result<StatsResponse>> Handle(GetStatsQuery request, CancellationToken cancellationToken)
    {
        var counts = await statistics.ReadAsync(request.Users, cancellationToken);
        return new StatsResponse
        {
            Totals = new TotalsResponse
            {
                Kept = counts.Kept,
                Written = counts.Written,
                Bytes = counts.Bytes,
                Users = counts.Users,
                StoreMemoryBytes = counts.StoreMemory,
            },
            ByStatus = Sorted(counts.ByStatus),
            ByMinute = [.. LastMinutes().Select(minute => Describe(minute, counts.ByMinute.GetValueOrDefault(minute.UtcDateTime, Nothing)))],
            BusiestUsers = [.. counts.BusiestUsers.Select(user => new UserCountResponse { UserId = user.UserId, Entries = user.Entries })],
        };
    }

    /// <summary>The oldest first, and the one that has not ended last.</summary>
    private IEnumerable<DateTimeOffset> LastMinutes()
    {
        var now = time.GetUtcNow();
        var current = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        return Enumerable.Range(0, Minutes).Select(i => current.AddMinutes(i + 1 - Minutes));
    }

    private static MinuteCountResponse Describe(DateTimeOffset minute, IReadOnlyDictionary<string, long> byStatus) => new()
    {
        Minute = LogTimestamp.From(minute).Text,
        Entries = byStatus.Values.Sum(),
        ByStatus = Sorted(byStatus),
    };

    private static SortedDictionary<string, long> Sorted(IReadOnlyDictionary<string, long> byStatus) =>
        new(byStatus.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
}
