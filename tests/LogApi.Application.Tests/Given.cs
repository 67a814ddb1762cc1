using AutoMapper;
using LogApi.Application.Logs;
using LogApi.Domain.Entries;
using LogApi.Domain.Hashing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogApi.Application.Tests;

/// <summary>What the tests of this layer start from.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 15, 123, 456, TimeSpan.Zero);

    public static readonly EntryHasher Hasher = new("0123456789abcdef0123456789abcdef"u8);

    public static readonly EntryHasher OtherHasher = new("fedcba9876543210fedcba9876543210"u8);

    /// <summary>The hasher after the secret was changed.</summary>
    public static readonly EntryHasher Rotated = new("fedcba9876543210fedcba9876543210"u8, "0123456789abcdef0123456789abcdef"u8.ToArray());

    public static readonly IMapper Mapper =
        new MapperConfiguration(maps => maps.AddProfile<LogEntryProfile>(), NullLoggerFactory.Instance).CreateMapper();

    public static LogEntry Entry(string user = "u", string query = "SELECT 1", string status = "SUCCESS") =>
        LogEntry.Create(UserId.Create(user), QueryText.Create(query), LogStatus.Create(status), Now, Hasher);
}
