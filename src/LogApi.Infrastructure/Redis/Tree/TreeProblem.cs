namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>Why nothing may be signed.</summary>
/// <param name="Reason">In a sentence.</param>
/// <param name="IsOfTheStore">
/// Whether the store is to blame, so that it is noted there for every process; else it may be this process's settings or files.
/// </param>
internal sealed record TreeProblem(string Reason, bool IsOfTheStore);
