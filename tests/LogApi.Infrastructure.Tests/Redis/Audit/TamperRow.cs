namespace LogApi.Infrastructure.Tests.Redis.Audit;

/// <summary>A change that somebody makes in the store, and what notices it.</summary>
/// <param name="Key">The kind of key, as the comment of <c>RedisKeys</c> has it.</param>
/// <param name="Change">What is changed.</param>
/// <param name="Notice">Which check notices it, or what happens instead where nothing of the audit trail is concerned.</param>
/// <param name="ChangeAsync">Makes the change.</param>
/// <param name="AssertAsync">Holds what happens against <paramref name="Notice"/>.</param>
internal sealed record TamperRow(
    string Key, string Change, string Notice, Func<TamperedLog, Task> ChangeAsync, Func<TamperedLog, Task> AssertAsync)
{
    /// <summary>The row of the page of documentation.</summary>
    public string Line => $"| `{Key}` | {Change} | {Notice} |";

    public override string ToString() => $"{Key}: {Change}";
}
