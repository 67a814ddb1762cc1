namespace LogApi.Benchmarks;

/// <summary>The middle value, which one disturbed run does not move.</summary>
internal static class Median
{
    /// <summary>Gives the median of a figure of the runs, of which there is at least one.</summary>
    public static double Of<T>(IReadOnlyCollection<T> runs, Func<T, double> figure)
    {
        var sorted = runs.Select(figure).Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
