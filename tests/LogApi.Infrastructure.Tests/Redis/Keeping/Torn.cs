using System.Globalization;

namespace LogApi.Infrastructure.Tests.Redis.Keeping;

/// <summary>Scripts that end after some of their writes, as a crash of the embedded store can leave them.</summary>
internal static class Torn
{
    /// <summary>What the end says.</summary>
    public const string Message = "TORN";

    private const string Call = "local call = redis.call";

    /// <summary>Makes a script end before the write after the given number of writes.</summary>
    public static string After(string script, int writes)
    {
        Assert.That(script, Does.Contain(Call));
        return script.Replace(Call, string.Create(CultureInfo.InvariantCulture, $$"""
            local left = {{writes}}
            local reads = { HGET = true, HMGET = true, LRANGE = true, LLEN = true, ZMSCORE = true, ZSCORE = true, LINDEX = true, EXISTS = true, BITCOUNT = true }
            local function call(name, ...)
              if not reads[name] then
                left = left - 1
                if left < 0 then
                  error('{{Message}}')
                end
              end
              return redis.call(name, ...)
            end
            """), StringComparison.Ordinal);
    }
}
