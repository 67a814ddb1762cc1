using System.Reflection;
using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>Every setting of the program: the properties with a <see cref="SettingAttribute"/> in any of its projects.</summary>
internal static class SettingsCatalog
{
    private static readonly Assembly[] Projects =
        [typeof(Application.DependencyInjection).Assembly, typeof(Infrastructure.DependencyInjection).Assembly, typeof(SettingsCatalog).Assembly];

    /// <summary>All settings, by options class.</summary>
    public static IReadOnlyDictionary<Type, IReadOnlyList<Setting>> ByOptionsType { get; } = Projects
        .SelectMany(project => project.GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false })
        .Select(type => (Type: type, Settings: Find(type)))
        .Where(found => found.Settings.Count > 0)
        .ToDictionary(found => found.Type, found => found.Settings);

    /// <summary>All settings, by name.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. ByOptionsType.Values.SelectMany(settings => settings).OrderBy(setting => setting.Name, StringComparer.Ordinal)];

    /// <summary>The setting of a name.</summary>
    public static Setting Find(string name) => All.Single(setting => setting.Name == name);

    private static IReadOnlyList<Setting> Find(Type type)
    {
        var marked = type.GetProperties()
            .Select(property => (Property: property, Attribute: property.GetCustomAttribute<SettingAttribute>()))
            .Where(candidate => candidate.Attribute is not null)
            .ToList();
        if (marked.Count == 0) return [];

        var defaults = Activator.CreateInstance(type)!;
        return [.. marked.Select(found => new Setting(found.Property, found.Attribute!, found.Property.GetValue(defaults)))];
    }
}
