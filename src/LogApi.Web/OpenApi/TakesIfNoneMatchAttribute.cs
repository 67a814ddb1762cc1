namespace LogApi.Web.OpenApi;

/// <summary>Says that an operation compares <c>If-None-Match</c> with its <c>ETag</c>, and answers 304 when the client has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesIfNoneMatchAttribute : Attribute;
