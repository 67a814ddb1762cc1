using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>A bundle, or a run of it, as the list that it is until it is sealed.</summary>
/// <param name="first">The place of the first of the records.</param>
/// <param name="records">The records.</param>
internal sealed class HotBundle(int first, RedisValue[] records) : LogBundle
{
    /// <summary>A bundle that is not there.</summary>
    public static HotBundle Empty { get; } = new(0, []);

    public override int Count => first + records.Length;

    public override ReadOnlyMemory<byte> RecordAt(int place) =>
        place >= first && place < Count ? records[place - first] : default(ReadOnlyMemory<byte>);

    public override bool TryGetFields(int place, out RecordFields fields) => RecordFields.TrySplit(RecordAt(place).Span, out fields);
}
