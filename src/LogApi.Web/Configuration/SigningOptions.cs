using LogApi.Application.Common.Settings;
using LogApi.Domain.Transparency;

namespace LogApi.Web.Configuration;

/// <summary>The key that the log's checkpoints are signed with, and the log's name.</summary>
internal sealed class SigningOptions : ICheckedSettings
{
    /// <summary>The private key, or the path of a file with it; required outside Development.</summary>
    [Setting(
        "LOG_SIGNING_KEY",
        Accepts = "a key as the command new-key makes it, PRIVATE+KEY+name+id+base64, or the path of a file that holds one",
        Secret = true)]
    public string SigningKey { get; init; } = "";

    /// <summary>
    /// The log's name, its origin, as it stands in every checkpoint; the key's name unless told. In Development it names the store
    /// unless told, so that two stores are two logs.
    /// </summary>
    [Setting("LOG_ORIGIN", Accepts = "a name such as logs.example.org/audit, the one that the key in LOG_SIGNING_KEY has")]
    public string Origin { get; init; } = "";

    public IEnumerable<(string Name, string Problem)> Check()
    {
        if (Origin.Length > 0 && NoteKey.CheckName(Origin) is { } problem) yield return ("LOG_ORIGIN", problem);
    }
}
