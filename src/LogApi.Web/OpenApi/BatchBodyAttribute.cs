namespace LogApi.Web.OpenApi;

/// <summary>Says that an operation reads many of something off its body, as a JSON array or as lines of JSON.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BatchBodyAttribute(Type item) : Attribute
{
    /// <summary>What there are many of.</summary>
    public Type Item { get; } = item;
}
