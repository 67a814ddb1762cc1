namespace LogApi.Web.OpenApi;

/// <summary>Says which header an operation's answer can have when it succeeds.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ResponseHeaderAttribute(string name, string description) : Attribute
{
    /// <summary>The header.</summary>
    public string Name { get; } = name;

    /// <summary>What it says.</summary>
    public string Description { get; } = description;
}
