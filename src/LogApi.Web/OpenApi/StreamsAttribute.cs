namespace LogApi.Web.OpenApi;

/// <summary>Says in which media types an operation streams its answer, for clients to take as a file.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamsAttribute(params string[] mediaTypes) : Attribute
{
    /// <summary>The media types.</summary>
    public IReadOnlyList<string> MediaTypes { get; } = mediaTypes;
}
