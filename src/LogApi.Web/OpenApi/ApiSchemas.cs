using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LogApi.Web.OpenApi;

/// <summary>Makes schemas say what the wire says, in a form that client generators take.</summary>
internal static class ApiSchemas
{
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        // Requests hold nullable properties, so that a missing one reaches the validator; on the wire null is refused.
        // Members that are left out instead of being null are optional, not nullable; so are maps and what is in them.
        var attributes = context.JsonPropertyInfo?.AttributeProvider;
        var isRequired = attributes?.IsDefined(typeof(RequiredAttribute), inherit: false) == true;
        var isLeftOut = attributes?.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), inherit: false) == true;
        if (isRequired || isLeftOut || schema.AdditionalProperties is not null) schema.Type &= ~JsonSchemaType.Null;
        if (schema.AdditionalProperties is OpenApiSchema value) value.Type &= ~JsonSchemaType.Null;
        return Task.CompletedTask;
    }
}
