namespace LogApi.Web.Errors;

/// <summary>A kind of failure that a client can meet: a stable machine word and what goes with it.</summary>
/// <param name="Code">The word a program branches on. Never changes its meaning.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What went wrong, the same for every occurrence.</param>
/// <param name="Meaning">What it means to a client and what to do next.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Meaning)
{
    /// <summary>The RFC 9457 problem type: an address that explains it.</summary>
    public string Type { get; } = "/problems/" + Code;
}
