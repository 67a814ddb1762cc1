using System.Security.Cryptography;

namespace LogApi.Infrastructure.Redis;

/// <summary>A random name for this process's lifetime, by which it knows its own announcements among those of others.</summary>
internal sealed class WriterName
{
    public string Value { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);
}
