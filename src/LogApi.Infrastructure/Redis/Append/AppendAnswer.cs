namespace LogApi.Infrastructure.Redis.Append;

/// <summary>What <c>append.lua</c> says of one entry.</summary>
/// <param name="Sequence">The place of the entry that is stored under the id.</param>
/// <param name="IsKnown">Whether that entry was there before the call.</param>
internal readonly record struct AppendAnswer(long Sequence, bool IsKnown)
{
    /// <summary>Reads the script's number for an entry.</summary>
    public static AppendAnswer Of(long code) => code >= 0 ? new AppendAnswer(code, IsKnown: false) : new AppendAnswer(-2 - code, IsKnown: true);
}
