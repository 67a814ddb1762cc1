using LogApi.Web.Authentication;
using LogApi.Web.Configuration;
using LogApi.Web.Controllers;
using LogApi.Web.Errors;
using LogApi.Web.Live;
using LogApi.Web.OpenApi;
using LogApi.Web.Search;
using LogApi.Web.Serialization;
using LogApi.Web.Transparency;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LogApi.Web.Hosting;

/// <summary>Controllers and what every request passes through.</summary>
internal static class WebSetup
{
    /// <summary>Adds the controllers with their bodies, sessions, origins and documentation.</summary>
    public static void AddWeb(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddControllers().AddJsonOptions(json => ApiJson.Apply(json.JsonSerializerOptions));

        // The OpenAPI document describes what these options write.
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
        services.AddSingleton<IConfigureOptions<MvcOptions>>(provider => new ConfigureOptions<MvcOptions>(
            mvc => SetBodies(mvc, provider.GetRequiredService<IOptions<HttpOptions>>().Value)));
        services.Configure<ApiBehaviorOptions>(api =>
        {
            api.SuppressMapClientErrors = true;
            api.InvalidModelStateResponseFactory = InvalidModel.Answer;
        });
        services.AddAuthentication(SessionAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Scheme, configureOptions: null);
        services.AddAuthorization();
        services.AddSingleton(provider => new AllowedOrigins(provider.GetRequiredService<IOptions<HttpOptions>>().Value.CorsOrigins));
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>>(provider => new ConfigureOptions<CorsOptions>(
            cors =>
            {
                cors.AddDefaultPolicy(policy => SetOrigins(policy, provider.GetRequiredService<AllowedOrigins>()));
                cors.AddPolicy(OpenCors.Policy, OpenCors.Set);
            }));
        services.AddApiDocument();
        if (DocumentBuild.IsRunning) services.RemoveAll<IHostedService>();
        else services.AddHostedService<StartScreen>();
    }

    /// <summary>Sets up what a request passes through, from the outside in.</summary>
    public static void UseWeb(this WebApplication app)
    {
        app.UseRequestLog();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseSecurityHeaders();
        app.UseLive();
        app.UseConsole();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();

        // Not a fallback policy: that would answer 401 for paths and methods that do not exist.
        app.MapControllers().RequireAuthorization();
        app.MapApiDocument();
    }

    private static void SetBodies(MvcOptions mvc, HttpOptions http)
    {
        mvc.InputFormatters.Clear();
        mvc.InputFormatters.Add(new JsonBodyReader(http));
        mvc.OutputFormatters.RemoveType<StringOutputFormatter>();

        // The rules of a request are its validator's; annotations are there for the OpenAPI document.
        mvc.ModelValidatorProviders.Clear();
        mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
    }

    private static void SetOrigins(CorsPolicyBuilder policy, AllowedOrigins origins) => policy
        .SetIsOriginAllowed(origins.IsAllowed)
        .AllowAnyMethod()
        .AllowAnyHeader()
        .WithExposedHeaders(
            HeaderNames.Allow, HeaderNames.ContentDisposition, HeaderNames.ETag, HeaderNames.Link, "Preference-Applied",
            IdempotencyHeaders.Replayed, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, ExportResult.CursorHeader)
        .SetPreflightMaxAge(TimeSpan.FromHours(1));
}
