using Scalar.AspNetCore;

namespace LogApi.Web.OpenApi;

/// <summary>The OpenAPI document and the page that shows it.</summary>
internal static class ApiDocumentSetup
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        // HEAD is GET without the body.
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head;
        options.AddDocumentTransformer(ApiDocument.Describe);
        options.AddOperationTransformer(ApiOperations.Describe);
        options.AddSchemaTransformer(ApiSchemas.Describe);
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", scalar => scalar
            .WithTitle("LogApi")
            .WithOpenApiRoutePattern("/openapi/v1.json")

            // What would send an operator's pages, questions or use to somebody else's servers stays off.
            .HideDeveloperTools()
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .DisableDefaultFonts()).AllowAnonymous();
    }
}
