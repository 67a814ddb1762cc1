using System.Security.Cryptography;

namespace LogApi.Infrastructure.Redis;

/// <summary>The name of one numbering of the log; a new one is made only when a log starts from nothing.</summary>
internal static class Epoch
{
    public static string New() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
