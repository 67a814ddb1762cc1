using System.Text;
using System.Text.Json;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;

namespace LogApi.Domain.Tests.Hashing;

/// <summary>Holds the hasher against known answers that another implementation of HMAC-SHA256 made.</summary>
public sealed class EntryHasherVectorTests
{
    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Vectors Known = Load();

    private static IEnumerable<TestCaseData> Cases() =>
        Known.Cases.Select((known, i) => new TestCaseData(known).SetArgDisplayNames($"case {i}"));

    [TestCaseSource(nameof(Cases))]
    public void Hash_KnownFields_GivesTheKnownHash(Vector known)
    {
        // The first vectors carry timestamps without microseconds, as the usage guide prints them.
        var hash = Hasher().HashFields(known.UserId, known.Query, known.Status, known.Timestamp);
        Assert.That(hash.Hex, Is.EqualTo(known.Hash));
    }

    [TestCaseSource(nameof(Cases))]
    public void Hash_KnownFieldsAsValueObjects_GivesTheKnownHash(Vector known)
    {
        if (!LogTimestamp.TryParse(known.Timestamp, out var timestamp))
        {
            Assert.That(known.Timestamp, Has.Length.LessThan(27), "only a shorter form of timestamp may be refused");
            return;
        }

        var hash = Hasher().Hash(
            UserId.Create(known.UserId), QueryText.Create(known.Query), LogStatus.Create(known.Status), timestamp);
        Assert.That(hash.Hex, Is.EqualTo(known.Hash));
    }

    [TestCaseSource(nameof(Cases))]
    public void VerificationToken_KnownHash_GivesTheKnownToken(Vector known)
    {
        Assert.That(EntryHash.TryParse(known.Hash, out var hash), Is.True);
        Assert.That(Hasher().VerificationToken(LogId.Create(known.Id), hash!).Hex, Is.EqualTo(known.VerificationToken));
    }

    [Test]
    public void Vectors_AllOfThem_CoverShortAndLongFormsOfTimestamp()
    {
        var parsed = Known.Cases.Count(known => LogTimestamp.TryParse(known.Timestamp, out _));
        Assert.That(parsed, Is.GreaterThanOrEqualTo(3));
    }

    private static EntryHasher Hasher() => new(Encoding.UTF8.GetBytes(Known.Secret));

    private static Vectors Load()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "vectors", "hash.json");
        return JsonSerializer.Deserialize<Vectors>(File.ReadAllBytes(path), JsonOptions)!;
    }

    public sealed record Vectors(string Secret, IReadOnlyList<Vector> Cases);

    public sealed record Vector(
        string Id, string UserId, string Query, string Status, string Timestamp, string Hash, string VerificationToken);
}
