using LogApi.Application.Common.Settings;

namespace LogApi.Application.Sessions;

/// <summary>How long a login lasts.</summary>
public sealed class SessionOptions
{
    /// <summary>The lifetime of a session, in minutes; 30 unless told.</summary>
    [Setting("ACCESS_TOKEN_EXPIRE_MINUTES", Min = 1, Max = 43_200, Unit = "minutes")]
    public int ExpireMinutes { get; init; } = 30;
}
