using System.Reflection;
using System.Text.RegularExpressions;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace LogApi.Architecture.Tests;

/// <summary>Habits that the compiler does not hold.</summary>
public sealed partial class CodeTests
{
    private static readonly Assembly[] Every = Layers.All;

    [TestCaseSource(nameof(Every))]
    public void Classes_AreSealedOrAbstractOrStatic(Assembly layer)
    {
        // The class of top-level statements is made by the compiler.
        var open = Layers.WrittenTypes(layer).Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false });
        Assert.That(open.Select(type => type.FullName), Is.Empty);
    }

    [Test]
    public void HandlersValidatorsAndBehaviors_AreInternal()
    {
        var exposed = Layers.Application.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false }
            && Array.Exists(type.GetInterfaces(), IsInner));
        Assert.That(exposed.Select(type => type.FullName), Is.Empty);
    }

    [Test]
    public void Infrastructure_ExposesOnlyItsOptionsSigningAndItsRegistration()
    {
        // Signatures are made with a key out of the settings, and checked by a command that has no container.
        var exposed = Layers.Infrastructure.GetExportedTypes()
            .Where(type => type.Namespace != "LogApi.Infrastructure.Signing")
            .Where(type => type.Name != "DependencyInjection" && !type.Name.EndsWith("Options", StringComparison.Ordinal));
        Assert.That(exposed.Select(type => type.FullName), Is.Empty);
    }

    [Test]
    public void Requests_HaveTheirHandlerBesideThem()
    {
        var types = Layers.Application.GetTypes();
        var requests = types.Where(type => IsRequest(type) && !type.IsAbstract).ToList();
        Assert.That(requests, Is.Not.Empty);
        foreach (var request in requests)
        {
            var handlers = types.Where(type => Array.Exists(type.GetInterfaces(), contract =>
                contract.IsGenericType
                && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
                && contract.GetGenericArguments()[0] == request)).ToList();
            Assert.That(handlers, Has.Count.EqualTo(1), $"handlers of {request}");
            Assert.That(handlers[0].Namespace, Is.EqualTo(request.Namespace));
            Assert.That(handlers[0].Name, Is.EqualTo(request.Name + "Handler"));
        }
    }

    [Test]
    public void LogEvents_HaveIdsOfTheirOwn()
    {
        const BindingFlags all = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var events = Every.SelectMany(layer => layer.GetTypes())
            .SelectMany(type => type.GetMethods(all | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .ToLookup(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId, method => method.Name);
        Assert.That(events, Is.Not.Empty);
        Assert.That(events.Where(same => same.Count() > 1).SelectMany(same => same), Is.Empty);
    }

    [Test]
    public void Sources_ReadTheClockThroughTimeProviderOnly() => AssertNoSourceHas(ClockRead());

    [Test]
    public void Sources_NeitherSleepNorBlockOnTasks() => AssertNoSourceHas(Blocking());

    [Test]
    public void Sources_CarryNoUnfinishedWork() => AssertNoSourceHas(Unfinished());

    private static bool IsRequest(Type type) => Array.Exists(
        type.GetInterfaces(), contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequest<>));

    private static bool IsInner(Type contract) =>
        contract.IsGenericType
        && (contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            || contract.GetGenericTypeDefinition() == typeof(IPipelineBehavior<,>)
            || contract.GetGenericTypeDefinition() == typeof(IValidator<>));

    private static void AssertNoSourceHas(Regex pattern)
    {
        var found = new List<string>();
        foreach (var file in Layers.Sources())
        {
            var lines = Layers.Read(file).Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (pattern.IsMatch(lines[i])) found.Add($"{file}:{i + 1}: {lines[i].Trim()}");
            }
        }

        Assert.That(found, Is.Empty);
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bStopwatch\.(StartNew|GetTimestamp)\b|\bEnvironment\.TickCount", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClockRead();

    [GeneratedRegex(@"\bThread\.Sleep\b|\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unfinished();
}
