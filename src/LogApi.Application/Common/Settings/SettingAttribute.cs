namespace LogApi.Application.Common.Settings;

/// <summary>
/// Binds a property of an options class to a setting by its public name, which is the same as an environment variable, in
/// <c>appsettings.json</c> and in a <c>.env</c> file. Numbers outside the range stop the start.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string name) : Attribute
{
    /// <summary>The public name, such as <c>ACCESS_TOKEN_EXPIRE_MINUTES</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The smallest number accepted.</summary>
    public long Min { get; init; } = long.MinValue;

    /// <summary>The largest number accepted.</summary>
    public long Max { get; init; } = long.MaxValue;

    /// <summary>What a number counts, such as <c>minutes</c>; for the message that refuses a value.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What a text must look like; for the message that refuses a value.</summary>
    public string Accepts { get; init; } = "";

    /// <summary>Whether the value is, or may hold, a secret: it is then never shown, not even to refuse it.</summary>
    public bool Secret { get; init; }
}
