using System.Reflection;
using AutoMapper;
using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs.CreateLog;
using LogApi.Application.Ports;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace LogApi.Application.Tests;

public sealed class DependencyInjectionTests
{
    private static readonly Assembly Application = typeof(DependencyInjection).Assembly;

    private static IEnumerable<Type> Requests() =>
        Application.GetTypes().Where(type => type is { IsInterface: false, IsAbstract: false } && ResponseOf(type) is not null);

    [Test]
    public void Requests_OfTheAssembly_AreFound() => Assert.That(Requests(), Has.Exactly(1).EqualTo(typeof(CreateLogCommand)));

    [TestCaseSource(nameof(Requests))]
    public void AddApplication_EveryRequest_ResolvesOneHandlerAndTheValidationBehavior(Type request)
    {
        using var provider = Provider();
        var response = ResponseOf(request)!;
        Assert.That(provider.GetServices(typeof(IRequestHandler<,>).MakeGenericType(request, response)), Has.Exactly(1).Items);
        Assert.That(
            provider.GetServices(typeof(IPipelineBehavior<,>).MakeGenericType(request, response)),
            Has.Exactly(1).InstanceOf(typeof(ValidationBehavior<,>).MakeGenericType(request, response)));
    }

    [Test]
    public void AddApplication_EveryValidator_IsResolvedForItsRequest()
    {
        using var provider = Provider();
        var validators = Application.GetTypes().Where(type => !type.IsAbstract && typeof(IValidator).IsAssignableFrom(type)).ToList();
        Assert.That(validators, Is.Not.Empty);
        foreach (var validator in validators)
        {
            var contract = validator.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidator<>));
            Assert.That(provider.GetServices(contract), Has.Exactly(1).InstanceOf(validator));
        }
    }

    [Test]
    public async Task Send_InvalidRequest_IsAnsweredByTheValidatorsWithoutTheStore()
    {
        await using var provider = Provider();
        var result = await provider.GetRequiredService<IMediator>().Send(new CreateLogCommand("u", "", "SUCCESS"));
        Assert.That(result.Error, Is.TypeOf<InvalidRequestError>());
    }

    [Test]
    public async Task Send_ValidRequest_ReachesTheStore()
    {
        await using var provider = Provider();
        var result = await provider.GetRequiredService<IMediator>().Send(new CreateLogCommand("u", "q", "SUCCESS"));
        Assert.That(result.TryGet(out var served, out _), Is.True);
        Assert.That(served!.Seq, Is.EqualTo(3));
    }

    [Test]
    public void AddApplication_Maps_AreComplete()
    {
        using var provider = Provider();
        Assert.That(provider.GetRequiredService<IMapper>().ConfigurationProvider.AssertConfigurationIsValid, Throws.Nothing);
    }

    private static Type? ResponseOf(Type request) => Array.Find(
        request.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))?.GetGenericArguments()[0];

    private static ServiceProvider Provider()
    {
        var logs = new Mock<ILogRepository>(MockBehavior.Strict);
        logs.Setup(log => log.AppendAsync(It.IsAny<IReadOnlyList<NewEntry>>(), WhenFull.Fail, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new Appended(AppendOutcome.Stored, 3)]);
        var services = new ServiceCollection()
            .AddApplication(autoMapperLicenseKey: null)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Given.Now))
            .AddSingleton(Given.Hasher)
            .AddSingleton(new TransparencyPolicy(TimeSpan.FromSeconds(1), RetentionDays: 0, RetentionMaxEntries: 0))
            .AddSingleton(typeof(IOptions<>), typeof(OptionsManager<>))
            .AddSingleton(typeof(IOptionsFactory<>), typeof(OptionsFactory<>))
            .AddSingleton(logs.Object);
        foreach (var port in Application.GetExportedTypes().Where(IsPort))
        {
            if (!services.Any(service => service.ServiceType == port))
                services.AddSingleton(port, ((Mock)Activator.CreateInstance(typeof(Mock<>).MakeGenericType(port))!).Object);
        }

        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static bool IsPort(Type type) => type.IsInterface && type.Namespace == typeof(ILogRepository).Namespace;
}
