using LogApi.Web.Hosting;

namespace LogApi.Web.Tests.Hosting;

public sealed class AllowedOriginsTests
{
    [TestCase("*", "https://anything.example", ExpectedResult = true)]
    [TestCase("*", "null", ExpectedResult = true)]
    [TestCase("https://a.example", null, ExpectedResult = true)]
    [TestCase("https://a.example, http://localhost:3000", "http://localhost:3000", ExpectedResult = true)]
    [TestCase("https://a.example", "https://A.example", ExpectedResult = true)]
    [TestCase("https://a.example", "http://a.example", ExpectedResult = false)]
    [TestCase("https://a.example", "https://a.example.evil.com", ExpectedResult = false)]
    [TestCase("https://a.example", "null", ExpectedResult = false)]
    public bool IsAllowed_Origin_IsAsTheSettingSays(string setting, string? origin) => new AllowedOrigins(setting).IsAllowed(origin);
}
