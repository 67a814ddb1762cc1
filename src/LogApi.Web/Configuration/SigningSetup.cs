using LogApi.Application.Common.Errors;
using LogApi.Domain.Transparency;
using LogApi.Infrastructure.Redis;
using LogApi.Infrastructure.Signing;
using LogApi.Web.Hosting;

namespace LogApi.Web.Configuration;

/// <summary>Finds the key that checkpoints are signed with.</summary>
internal static class SigningSetup
{
    // A key takes about 200 characters; whatever a path names by mistake is not read whole.
    private const int MaxFileBytes = 4096;

    /// <summary>Gives the signer.</summary>
    /// <exception cref="StartRefusedException">The key is missing or wrong, or has another name than <c>LOG_ORIGIN</c> says.</exception>
    public static CheckpointSigner Find(IConfiguration configuration, bool development)
    {
        var options = SettingsBinder.Bind<SigningOptions>(configuration);
        var setting = SettingsCatalog.Find("LOG_SIGNING_KEY");
        if (!CheckpointSigner.TryCreate(FindText(options, setting, configuration, development), out var signer, out var problem))
            throw setting.Refuse(problem);
        if (options.Origin.Length == 0 || options.Origin == signer.Key.Name) return signer;

        signer.Dispose();
        throw SettingsCatalog.Find("LOG_ORIGIN").Refuse($"is \"{options.Origin}\", but the key in LOG_SIGNING_KEY is that of \"{signer.Key.Name}\"");
    }

    private static string FindText(SigningOptions options, Setting setting, IConfiguration configuration, bool development)
    {
        if (options.SigningKey.StartsWith(SigningKeyText.Start, StringComparison.Ordinal)) return options.SigningKey;
        if (options.SigningKey.Length > 0) return Read(options.SigningKey, setting);

        // The build asks for the API's description, which no key goes into.
        if (DocumentBuild.IsRunning) return CheckpointSigner.Generate("localhost/logapi");
        if (!development) throw setting.Refuse("is missing");
        var store = SettingsBinder.Bind<StoreOptions>(configuration);
        var origin = options.Origin.Length > 0 ? options.Origin : "localhost/logapi/" + store.Name;
        return DevelopmentSecret.OfCheckpoints(store.DataDirectory, origin).GetOrCreate();
    }

    private static string Read(string path, Setting setting)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxFileBytes];
            return System.Text.Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw setting.Refuse($"is neither a key nor the path of a file that can be read ({fault.GetType().Name})");
        }
    }
}
