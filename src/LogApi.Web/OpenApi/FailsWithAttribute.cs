namespace LogApi.Web.OpenApi;

/// <summary>Says which problems an operation can answer with, beyond those that follow from its body and its session.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FailsWithAttribute(params string[] codes) : Attribute
{
    /// <summary>The problems' codes.</summary>
    public IReadOnlyList<string> Codes { get; } = codes;
}
