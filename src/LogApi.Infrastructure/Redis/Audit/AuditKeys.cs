using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using LogApi.Domain.Hashing;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>
/// Sums over users and statuses that are equal only if every single count is: each name stands for a number of 128 bits that
/// nobody without the secret knows. So counts that would take too much room to keep, or to carry on in another process, are
/// compared all the same.
/// </summary>
internal sealed class AuditKeys(EntryHasher hasher)
{
    private const int MostKept = 100_000;

    private readonly StoreSeal _numbers = hasher.SealFor("audit-sums");
    private readonly ConcurrentDictionary<string, UInt128> _kept = new(StringComparer.Ordinal);

    /// <summary>Tells the secret that the numbers follow from: sums of two can't be compared.</summary>
    public uint SecretId => hasher.SecretId;

    /// <summary>Seals what the store holds of audits.</summary>
    public StoreSeal Reports { get; } = hasher.SealFor("audits");

    /// <summary>Gives a number of times a name's number, which is to be added up.</summary>
    public UInt128 Of(string name, long count)
    {
        if (_kept.Count > MostKept) _kept.Clear();
        return unchecked((UInt128)(Int128)count * _kept.GetOrAdd(name, Make, _numbers));
    }

    private static UInt128 Make(string name, StoreSeal numbers) =>
        BinaryPrimitives.ReadUInt128BigEndian(numbers.Of(name, Encoding.UTF8.GetBytes(name)));
}
