using ArchUnitNET.NUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace LogApi.Architecture.Tests;

/// <summary>Dependencies point inwards: Web and Infrastructure to Application, Application to Domain, Domain to nothing.</summary>
public sealed class LayerTests
{
    [Test]
    public void Domain_UsesNothingButTheBaseClassLibrary() =>
        Assert.That(Layers.ReferencesOf(Layers.Domain), Has.All.Matches<string?>(name => IsBaseClassLibrary(name!)));

    [Test]
    public void Application_UsesOnlyDomainAndItsThreePackages()
    {
        // AutoMapper brings the container's abstractions and options, with which this layer registers and configures itself.
        string[] allowed =
        [
            "LogApi.Domain", "MediatR", "FluentValidation", "AutoMapper",
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Options",
        ];
        Assert.That(
            Layers.ReferencesOf(Layers.Application).Where(name => !IsBaseClassLibrary(name)), Is.SubsetOf(allowed));
    }

    [Test]
    public void Infrastructure_DoesNotUseWebOrItsFramework() =>
        Assert.That(
            Layers.ReferencesOf(Layers.Infrastructure),
            Has.None.EqualTo("LogApi.Web").And.None.StartsWith("Microsoft.AspNetCore").And.None.EqualTo("MediatR"));

    [Test]
    public void Application_DoesNotUseInfrastructureOrWeb() =>
        Types().That().ResideInAssembly(Layers.Application)
            .Should().NotDependOnAnyTypesThat().ResideInAssembly(Layers.Infrastructure, Layers.Web)
            .Check(Layers.Code);

    [Test]
    public void InnerLayers_DoNotUseAspNetCore() =>
        Types().That().ResideInAssembly(Layers.Domain, Layers.Application, Layers.Infrastructure)
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Microsoft\.AspNetCore")
            .Check(Layers.Code);

    [Test]
    public void Web_DoesNotTalkToRedisItself() =>
        Assert.That(Layers.ReferencesOf(Layers.Web), Has.None.StartsWith("StackExchange.Redis").And.None.Contains("Garnet"));

    [Test]
    public void Controllers_UseNothingOfInfrastructure() =>
        Classes().That().ResideInAssembly(Layers.Web).And().HaveNameEndingWith("Controller")
            .Should().NotDependOnAnyTypesThat().ResideInAssembly(Layers.Infrastructure)
            .WithoutRequiringPositiveResults()
            .Check(Layers.Code);

    [Test]
    public void Controllers_ReachEntriesAndSessionsThroughTheMediatorOnly() =>
        Classes().That().ResideInAssembly(Layers.Web).And().HaveNameEndingWith("Controller")
            .Should().NotDependOnAnyTypesThat()
            .HaveFullNameMatching(@"^LogApi\.Application\.(Ports\.I(LogRepository|SessionStore|LogFeed)|.*Handler)$")
            .WithoutRequiringPositiveResults()
            .Check(Layers.Code);

    [Test]
    public void Architecture_AsLoaded_HoldsEveryLayer()
    {
        foreach (var layer in Layers.All)
        {
            Assert.That(
                Layers.Code.Types.Any(type => type.Assembly.FullName == layer.FullName),
                Is.True, $"the rules would hold for nothing: no type of {layer.GetName().Name} was read");
        }
    }

    private static bool IsBaseClassLibrary(string name) =>
        name is "mscorlib" or "netstandard" or "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
