using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>A bundle as the list that it is until it is sealed.</summary>
internal sealed class HotBundle(RedisValue[] records) : LogBundle
{
    public override int Count => records.Length;

    public override ReadOnlyMemory<byte> RecordAt(int place) => place < records.Length ? records[place] : default(ReadOnlyMemory<byte>);

    public override bool TryGetFields(int place, out RecordFields fields) => RecordFields.TrySplit(RecordAt(place).Span, out fields);
}
