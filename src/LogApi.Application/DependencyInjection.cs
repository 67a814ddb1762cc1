using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Application.Transparency;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace LogApi.Application;

/// <summary>Registers the use cases.</summary>
public static class DependencyInjection
{
    /// <summary>
    /// Adds the mediator with its pipeline, every handler and validator of this layer, and the response maps. The ports are
    /// left to the outside.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="autoMapperLicenseKey">The key for production use of AutoMapper; none for development.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services, string? autoMapperLicenseKey)
    {
        services.AddSingleton<ServiceFactory>(provider => provider.GetService!);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddAutoMapper(options => options.LicenseKey = autoMapperLicenseKey, typeof(DependencyInjection));
        services.AddSingleton<LogTree>();
        services.AddSingleton<PublishedTiles>();
        foreach (var type in typeof(DependencyInjection).Assembly.DefinedTypes)
        {
            if (type is not { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }) continue;
            foreach (var contract in type.ImplementedInterfaces.Where(IsHandlerOrValidator))
                services.AddSingleton(contract, type);
        }

        return services;
    }

    private static bool IsHandlerOrValidator(Type contract) =>
        contract.IsGenericType
        && (contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            || contract.GetGenericTypeDefinition() == typeof(IValidator<>));
}
