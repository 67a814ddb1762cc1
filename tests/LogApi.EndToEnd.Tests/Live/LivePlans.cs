namespace LogApi.EndToEnd.Tests.Live;

/// <summary>Clients of every kind.</summary>
internal static class LivePlans
{
    private static readonly (string Text, Func<LoggedEntry, bool> Wants)[] Filters =
    [
        ("", _ => true),
        ("user_id=ada", entry => entry.UserId == "ada"),
        ("", _ => true),
        ("status=ERROR", entry => entry.Status == "ERROR"),
        ("q=needle", entry => entry.Query.Contains("needle", StringComparison.Ordinal)),
        ("attr.part=2", entry => entry.Part == "2"),
        ("user_id=ada&status=ERROR,DENIED&attr.part=2", entry => entry is { UserId: "ada", Part: "2", Status: "ERROR" or "DENIED" }),
    ];

    /// <summary>Gives a number of clients that differ in what they ask for and how they behave.</summary>
    /// <param name="count">How many.</param>
    /// <param name="random">What they follow from.</param>
    /// <param name="restless">The share of those that break off by themselves now and then.</param>
    /// <param name="slow">The share of those that read slowly.</param>
    public static IEnumerable<FollowerPlan> Make(int count, Random random, double restless, double slow)
    {
        for (var i = 0; i < count; i++)
        {
            var kind = (StreamKind)(i % Enum.GetValues<StreamKind>().Length);
            var isSlow = random.NextDouble() < slow;

            // One that is slow asks for everything, which is more than it takes.
            var (filter, wants) = Filters[isSlow ? 0 : random.Next(Filters.Length)];
            yield return new FollowerPlan
            {
                Kind = kind,
                IsBatched = random.Next(2) == 0,
                Filter = filter,
                Wants = wants,

                // Nothing else tells a client without history the name of the numbering before a heartbeat or a close does, and one
                // that breaks off before knows no place to go on from.
                AsksWhere = kind != StreamKind.Logs,
                IsRestless = random.NextDouble() < restless,
                IsSlow = isSlow,
            };
        }
    }
}
