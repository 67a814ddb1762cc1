using System.Security.Cryptography;
using System.Text;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Hashing;
using LogApi.Infrastructure.Redis;
using LogApi.Web.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LogApi.Web.Configuration;

/// <summary>Reads the settings, before anything is started.</summary>
internal static class SettingsSetup
{
    /// <summary>Adds every options class, filled and checked, the hasher with the secrets and the signer with the key.</summary>
    /// <exception cref="StartRefusedException">A setting is missing or wrong.</exception>
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        DotEnvFile.Add(builder.Configuration, Path.Combine(Environment.CurrentDirectory, ".env"));
        foreach (var type in SettingsCatalog.ByOptionsType.Keys)
        {
            var options = SettingsBinder.Bind(type, builder.Configuration);
            builder.Services.AddSingleton(
                typeof(IOptions<>).MakeGenericType(type), Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(type), options)!);
        }

        builder.Services.TryAddSingleton(FindHasher(builder));
        builder.Services.TryAddSingleton<ICheckpointSigner>(
            SigningSetup.Find(builder.Configuration, builder.Environment.IsDevelopment()));
    }

    private static EntryHasher FindHasher(WebApplicationBuilder builder)
    {
        if (DocumentBuild.IsRunning) return new EntryHasher(RandomNumberGenerator.GetBytes(EntryHasher.MinSecretBytes));
        var options = SettingsBinder.Bind<SecretOptions>(builder.Configuration);
        var development = builder.Environment.IsDevelopment();
        var previous = SettingsCatalog.Find("JWT_SECRET_KEY_PREVIOUS");
        return new EntryHasher(
            Encoding.UTF8.GetBytes(FindSecret(builder, options.SecretKey, development)),
            [.. options.PreviousKeys
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(secret => Encoding.UTF8.GetBytes(Check(secret, previous, development, "holds a secret that ")))]);
    }

    private static string FindSecret(WebApplicationBuilder builder, string secret, bool development)
    {
        if (secret.Length == 0 && development)
            return DevelopmentSecret.OfHashes(SettingsBinder.Bind<StoreOptions>(builder.Configuration).DataDirectory).GetOrCreate();

        var setting = SettingsCatalog.Find("JWT_SECRET_KEY");
        return secret.Length == 0 ? throw setting.Refuse("is missing") : Check(secret, setting, development, "");
    }

    private static string Check(string secret, Setting setting, bool development, string before)
    {
        // A developer may use a sample value, but the hash itself needs its length.
        if (development && Encoding.UTF8.GetByteCount(secret) >= EntryHasher.MinSecretBytes) return secret;
        return SecretStrength.Check(secret) is { } problem ? throw setting.Refuse(before + problem) : secret;
    }
}
