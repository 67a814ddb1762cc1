using System.Globalization;
using System.Reflection;
using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>One setting: a property of an options class, by its public name.</summary>
internal sealed class Setting(PropertyInfo property, SettingAttribute attribute, object? initial)
{
    /// <summary>The public name.</summary>
    public string Name => attribute.Name;

    /// <summary>The options class it belongs to.</summary>
    public Type OptionsType => property.DeclaringType!;

    /// <summary>The value when it is not given, as text.</summary>
    public string Default => initial is bool flag
        ? (flag ? "true" : "false")
        : Convert.ToString(initial, CultureInfo.InvariantCulture) ?? "";

    /// <summary>What it accepts, in words.</summary>
    public string Accepts
    {
        get
        {
            if (attribute.Accepts.Length > 0) return attribute.Accepts;
            if (property.PropertyType == typeof(bool)) return "true or false";
            if (!IsNumber) return "any text";
            var unit = attribute.Unit.Length > 0 ? " " + attribute.Unit : "";
            return (attribute.Min, attribute.Max) switch
            {
                (long.MinValue, long.MaxValue) => "an integer" + unit,
                (var min, long.MaxValue) => Inv($"{min} or more{unit}"),
                (long.MinValue, var max) => Inv($"at most {max}{unit}"),
                var (min, max) => Inv($"{min} to {max}{unit}"),
            };
        }
    }

    /// <summary>Whether it takes an integer.</summary>
    public bool IsNumber => property.PropertyType == typeof(int) || property.PropertyType == typeof(long);

    /// <summary>Sets the property from the text that was given.</summary>
    /// <exception cref="StartRefusedException">The text is not what the setting accepts.</exception>
    public void Apply(object options, string text)
    {
        text = text.Trim();
        object value = IsNumber
            ? Convert.ChangeType(Number(text), property.PropertyType, CultureInfo.InvariantCulture)
            : property.PropertyType == typeof(bool) ? Flag(text) : text;
        property.SetValue(options, value);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the refusal of a value: one line that names the setting, what is wrong and what is accepted.</summary>
    public StartRefusedException Refuse(string problem) => new($"{Name} {problem}; it accepts {Accepts}.");

    private long Number(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Refuse($"is {Quote(text)}, which is not an integer");
        var max = property.PropertyType == typeof(int) ? Math.Min(attribute.Max, int.MaxValue) : attribute.Max;
        var min = property.PropertyType == typeof(int) ? Math.Max(attribute.Min, int.MinValue) : attribute.Min;
        if (number < min || number > max) throw Refuse($"is {Quote(text)}, which is out of range");
        return number;
    }

    private bool Flag(string text) =>
        bool.TryParse(text, out var flag) ? flag : throw Refuse($"is {Quote(text)}, which is neither true nor false");

    private string Quote(string text)
    {
        if (attribute.Secret) return "given a value";
        var line = string.Concat(text.Take(60).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return $"\"{line}{(text.Length > 60 ? "..." : "")}\"";
    }

    private static string Inv(FormattableString text) => FormattableString.Invariant(text);
}
