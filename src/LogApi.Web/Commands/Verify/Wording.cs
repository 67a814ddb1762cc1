namespace LogApi.Web.Commands.Verify;

/// <summary>What is said in several places.</summary>
internal static class Wording
{
    public const string Hashes =
        "That \"hash\" was made with the log's secret: only who has the secret can tell. It is the one that was logged.";

    public const string OneHistory =
        "That the log shows everybody the same history: that takes --checkpoint, with a checkpoint from another time or from somebody else.";
}
