using LogApi.Application.Common.Errors;
using LogApi.Application.Common.Settings;

namespace LogApi.Web.Configuration;

/// <summary>Fills options classes from the configuration.</summary>
internal static class SettingsBinder
{
    /// <summary>Fills one options class.</summary>
    /// <exception cref="StartRefusedException">A value is not what its setting accepts.</exception>
    public static T Bind<T>(IConfiguration configuration)
        where T : class => (T)Bind(typeof(T), configuration);

    /// <inheritdoc cref="Bind{T}"/>
    public static object Bind(Type optionsType, IConfiguration configuration)
    {
        var options = Activator.CreateInstance(optionsType)!;
        var settings = SettingsCatalog.ByOptionsType[optionsType];
        foreach (var setting in settings)
        {
            // Compose files pass unset variables on as empty ones.
            if (configuration[setting.Name] is { } text && !string.IsNullOrWhiteSpace(text)) setting.Apply(options, text);
        }

        if (options is not ICheckedSettings rules) return options;
        foreach (var (name, problem) in rules.Check())
            throw settings.Single(setting => setting.Name == name).Refuse(problem);
        return options;
    }
}
