using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Infrastructure.Redis.Connection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>
/// Carries out the audit that is under way, while this process has the lease. How far it is stands in the store after each chunk, so
/// that another process goes on where this one was.
/// </summary>
internal sealed class LogAudit(
    RedisConnection connection, Auditor auditor, AuditLease lease, AuditOptions options, TimeProvider time, ILogger<LogAudit> logger)
    : BackgroundService, ILogAudit
{
    // What goes wrong so often in a row will go on to.
    private const int MostFaults = 20;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Beat = AuditLease.Length / 3;

    private readonly AuditStore _store = new(connection, auditor.Seal, options);
    private readonly SemaphoreSlim _begun = new(0, 1);
    private int _faults;

    async Task<AuditStart> ILogAudit.StartAsync(CancellationToken cancellationToken)
    {
        if (await auditor.BeginAsync(cancellationToken) is not { } record) return new AuditStart(Report: null, Running: null);
        var (running, _) = await _store.BeginAsync(record, cancellationToken);
        if (running != record.Id) return new AuditStart(Report: null, running);
        Wake();
        return new AuditStart(record.ToReport(), Running: null);
    }

    public async Task<AuditReport?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await _store.FindAsync(id, cancellationToken))?.ToReport();

    public async Task<IReadOnlyList<AuditReport>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _store.ListAsync(cancellationToken)).Select(record => record.ToReport())];

    /// <summary>Carries out the audit that is under way, to its end, if there is one and no other process does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await _store.FindRunningAsync(cancellationToken) is not { } running || !await lease.TryHoldAsync(connection.BulkDatabase)) return;
        var (record, stored) = running;
        if (record.State != AuditState.Running)
        {
            await _store.SaveAsync(record, stored, cancellationToken);
            return;
        }

        logger.AuditGoesOn(record.Id, record.Size, record.NextBundle * RedisKeys.BundleSize);
        var pace = AuditPace.Share(options.CpuPercent, time);
        while (record.State == AuditState.Running)
        {
            var step = auditor.StepAsync(record, pace, static _ => { }, cancellationToken);
            while (!step.IsCompleted)
            {
                await Task.WhenAny(step, Task.Delay(Beat, time, cancellationToken));
                if (!await lease.KeepAsync(connection.BulkDatabase)) break;
            }

            record = await step;
            stored = await _store.SaveAsync(record, stored, cancellationToken);
            _faults = 0;

            // Another process has taken it over.
            if (stored.IsNull) return;
        }

        await lease.ReleaseAsync(connection.BulkDatabase);
        if (record.Findings.Count == 0) logger.AuditIntact(record.Id, record.Size);
        else logger.AuditTampered(record.Id, record.Size, record.Findings.Count + record.MoreFindings);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lease.ReleaseAtStopAsync(connection);
    }

    public override void Dispose()
    {
        _begun.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await AttemptAsync(stoppingToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_begun.WaitAsync(wait.Token), Task.Delay(Look, time, wait.Token));
            await wait.CancelAsync();
        }
    }

    // Whatever goes wrong, the process would end with this loop; what was done is in the store.
    private async Task AttemptAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception fault) when (StoreFaults.Classify(fault) is not null || stoppingToken.IsCancellationRequested)
        {
            // Told of by whoever watches the store.
        }
        catch (Exception fault)
        {
            if (++_faults < MostFaults) logger.AuditInterrupted(fault);
            else await GiveUpAsync(fault, stoppingToken);
        }
    }

    private async Task GiveUpAsync(Exception fault, CancellationToken stoppingToken)
    {
        try
        {
            if (await _store.FindRunningAsync(stoppingToken) is not { } running) return;
            logger.AuditFailed(fault, running.Record.Id);
            var failed = running.Record with
            {
                State = AuditState.Failed,
                EndedAt = time.GetUtcNow(),
                Failure = "The audit could not be carried out; the service's log says why.",
            };
            await _store.SaveAsync(failed, running.Stored, stoppingToken);
            _faults = 0;
        }
        catch (Exception away) when (away is StoreUnavailableException or RedisException or OperationCanceledException)
        {
            // The next attempt gives up.
        }
    }

    private void Wake()
    {
        lock (_begun)
        {
            if (_begun.CurrentCount == 0) _begun.Release();
        }
    }
}
