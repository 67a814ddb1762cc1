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
    /// <summary>Adds every options class, filled and checked, the hasher with the secret and the signer with the key.</summary>
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

        builder.Services.TryAddSingleton(new EntryHasher(FindKey(builder)));
        builder.Services.TryAddSingleton<ICheckpointSigner>(
            SigningSetup.Find(builder.Configuration, builder.Environment.IsDevelopment()));
    }

    private static byte[] FindKey(WebApplicationBuilder builder) => DocumentBuild.IsRunning
        ? RandomNumberGenerator.GetBytes(EntryHasher.MinSecretBytes)
        : Encoding.UTF8.GetBytes(FindSecret(builder));

    private static string FindSecret(WebApplicationBuilder builder)
    {
        var secret = SettingsBinder.Bind<SecretOptions>(builder.Configuration).SecretKey;
        var development = builder.Environment.IsDevelopment();
        if (secret.Length == 0 && development)
            return DevelopmentSecret.OfHashes(SettingsBinder.Bind<StoreOptions>(builder.Configuration).DataDirectory).GetOrCreate();

        var setting = SettingsCatalog.Find("JWT_SECRET_KEY");
        if (secret.Length == 0) throw setting.Refuse("is missing");

        // A developer may use a sample value, but the hash itself needs its length.
        if (development && Encoding.UTF8.GetByteCount(secret) >= EntryHasher.MinSecretBytes) return secret;
        return SecretStrength.Check(secret) is { } problem ? throw setting.Refuse(problem) : secret;
    }
}
