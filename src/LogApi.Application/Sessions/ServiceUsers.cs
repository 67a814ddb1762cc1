using LogApi.Domain.Entries;

namespace LogApi.Application.Sessions;

/// <summary>The user ids under which the service itself writes entries; nobody logs in as one of them.</summary>
public static class ServiceUsers
{
    private const string Prefix = "logapi:";

    /// <summary>Writes what retention has dropped, and why.</summary>
    public static UserId Retention { get; } = UserId.Create(Prefix + "retention");

    /// <summary>Writes what was redacted, by whom and why.</summary>
    public static UserId Redaction { get; } = UserId.Create(Prefix + "redaction");

    /// <summary>Writes what the operator has done to the log itself, and why.</summary>
    public static UserId Operator { get; } = UserId.Create(Prefix + "operator");

    /// <summary>Whether the service itself writes under a user id.</summary>
    internal static bool IsOne(UserId userId) => CheckNotReserved(userId.Value) is not null;

    /// <summary>Says that a user id is kept for the service, or nothing when it is not.</summary>
    internal static string? CheckNotReserved(string userId) =>
        userId.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? $"must not start with '{Prefix}', which is reserved for the service itself"
            : null;
}
