namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>The stores that the contract tests run against.</summary>
public enum StoreKind
{
    /// <summary>The embedded store, in the tests' own process.</summary>
    Embedded,

    /// <summary>A <c>redis-server</c> that the tests start.</summary>
    Redis,
}

/// <summary>
/// The source of contract fixtures: <c>[TestFixtureSource(typeof(StoreKinds), nameof(StoreKinds.All))]</c> on a class whose
/// constructor takes a <see cref="StoreKind"/>.
/// </summary>
public static class StoreKinds
{
    public static IReadOnlyList<StoreKind> All { get; } = Enum.GetValues<StoreKind>();
}
