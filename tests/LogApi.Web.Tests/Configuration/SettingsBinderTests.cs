using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Settings;
using LogApi.Application.Sessions;
using LogApi.Infrastructure.Redis;
using LogApi.Web.Configuration;
using Microsoft.Extensions.Configuration;

namespace LogApi.Web.Tests.Configuration;

public sealed class SettingsBinderTests
{
    [Test]
    public void Bind_NothingGiven_KeepsTheDefault()
    {
        Assert.That(Bind<SessionOptions>().ExpireMinutes, Is.EqualTo(30));
    }

    [TestCase("1", 1)]
    [TestCase(" 45 ", 45)]
    [TestCase("43200", 43_200)]
    [TestCase("", 30)]
    public void Bind_AcceptedNumber_IsTaken(string text, int minutes)
    {
        Assert.That(Bind<SessionOptions>(("ACCESS_TOKEN_EXPIRE_MINUTES", text)).ExpireMinutes, Is.EqualTo(minutes));
    }

    [TestCase("0", "out of range")]
    [TestCase("43201", "out of range")]
    [TestCase("99999999999", "out of range")]
    [TestCase("999999999999999999999999", "not an integer")]
    [TestCase("-1", "out of range")]
    [TestCase("thirty", "not an integer")]
    [TestCase("30.5", "not an integer")]
    [TestCase("3\n0", "not an integer")]
    public void Bind_OtherNumber_IsRefusedInOneLine(string text, string reason)
    {
        var refused = Assert.Throws<StartRefusedException>(() => Bind<SessionOptions>(("ACCESS_TOKEN_EXPIRE_MINUTES", text)));

        Assert.That(refused!.Message, Does.StartWith("ACCESS_TOKEN_EXPIRE_MINUTES is \"")
            .And.Contain(reason).And.EndWith("it accepts 1 to 43200 minutes.").And.Not.Contain("\n"));
    }

    [TestCase("app.example.com")]
    [TestCase("https://app.example.com/path")]
    [TestCase("https://app.example.com/")]
    [TestCase("*, ftp://example.com")]
    public void Bind_NoOrigin_IsRefused(string origins)
    {
        var refused = Assert.Throws<StartRefusedException>(() => Bind<HttpOptions>(("CORS_ORIGINS", origins)));

        Assert.That(refused!.Message, Does.StartWith("CORS_ORIGINS holds \"").And.Contain("it accepts * or origins"));
    }

    [Test]
    public void Catalog_AllSettings_HaveNamesOfTheirOwn()
    {
        Assert.That(SettingsCatalog.All.Select(setting => setting.Name), Is.Unique);
        Assert.That(SettingsCatalog.All.Select(setting => setting.Name), Has.All.Matches<string>(
            name => name!.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_')));
    }

    [Test]
    public void Catalog_Defaults_AreAcceptedThemselves()
    {
        foreach (var setting in SettingsCatalog.All.Where(setting => setting.Default.Length > 0))
            Assert.That(() => SettingsBinder.Bind(setting.OptionsType, Configuration((setting.Name, setting.Default))), Throws.Nothing, setting.Name);
    }

    [Test]
    public void Catalog_GuidesSettings_AreThere()
    {
        Assert.That(
            SettingsCatalog.All.Select(setting => setting.Name),
            Is.SupersetOf(new[] { "REDIS_URL", "JWT_SECRET_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES", "DATA_DIR" }));
        Assert.That(SettingsCatalog.ByOptionsType.Keys, Has.Member(typeof(StoreOptions)));
    }

    [Test]
    public void Apply_Secret_IsNeverShown()
    {
        var attribute = new SettingAttribute("SECRET_NUMBER") { Min = 1, Max = 9, Secret = true };
        var setting = new Setting(typeof(SecretNumber).GetProperty(nameof(SecretNumber.Value))!, attribute, initial: 1);

        var refused = Assert.Throws<StartRefusedException>(() => setting.Apply(new SecretNumber(), "hunter2"));

        Assert.That(refused!.Message, Does.Not.Contain("hunter2"));
    }

    private static T Bind<T>(params (string Name, string Value)[] values)
        where T : class => SettingsBinder.Bind<T>(Configuration(values));

    private static IConfiguration Configuration(params (string Name, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value))).Build();

    private sealed class SecretNumber
    {
        public int Value { get; set; }
    }
}
