namespace LogApi.Application.Tests.Logs;

public sealed class LogEntryProfileTests
{
    [Test]
    public void Configuration_EveryMember_IsMapped() =>
        Assert.That(Given.Mapper.ConfigurationProvider.AssertConfigurationIsValid, Throws.Nothing);
}
