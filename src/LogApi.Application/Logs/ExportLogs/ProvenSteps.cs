using System.Runtime.CompilerServices;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Logs.ExportLogs;

/// <summary>Puts a proof to each record of an export. The tiles of the next steps are read while a step is written.</summary>
internal static class ProvenSteps
{
    private const int Ahead = 4;

    public static async IAsyncEnumerable<LogExportStep> Of(
        IAsyncEnumerable<LogExportStep> steps, InclusionProver prover, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<LogExportStep>>(Ahead);
        try
        {
            await foreach (var step in steps.WithCancellation(cancellationToken))
            {
                ahead.Enqueue(ProveAsync(step, prover, stop.Token));
                if (ahead.Count == Ahead) yield return await ahead.Dequeue();
            }

            while (ahead.TryDequeue(out var last)) yield return await last;
        }
        finally
        {
            // What nobody waits for any more: its faults are of no interest, but it must be over before its token is gone.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<LogExportStep> ProveAsync(LogExportStep step, InclusionProver prover, CancellationToken cancellationToken)
    {
        var proofs = new IReadOnlyList<TreeHash>[step.Records.Count];
        for (var i = 0; i < proofs.Length; i++) proofs[i] = await prover.ProveAsync(step.Records[i].Sequence, cancellationToken);
        return step with { Proofs = proofs };
    }
}
