namespace LogApi.Application.Common.Settings;

/// <summary>An options class whose settings have rules beyond their type and range.</summary>
public interface ICheckedSettings
{
    /// <summary>
    /// Gives each setting that is wrong, by its public name, and what is wrong with it in words that follow the name, such as
    /// <c>names no host</c>. The value of a secret is never part of them.
    /// </summary>
    IEnumerable<(string Name, string Problem)> Check();
}
