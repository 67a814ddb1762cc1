using Microsoft.Extensions.Logging;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>The events of audits, 2600 to 2699; the numbers are stable, so that alerts can name them.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(2601, LogLevel.Information, "The audit {Id} of {Size} entries goes on at entry {From}.")]
    public static partial void AuditGoesOn(this ILogger logger, Guid id, long size, long from);

    [LoggerMessage(2602, LogLevel.Information, "The audit {Id} of {Size} entries has found nothing wrong.")]
    public static partial void AuditIntact(this ILogger logger, Guid id, long size);

    [LoggerMessage(2603, LogLevel.Critical, "The audit {Id} of {Size} entries has {Findings} findings: entries, indexes or counts were changed in the store.")]
    public static partial void AuditTampered(this ILogger logger, Guid id, long size, long findings);

    [LoggerMessage(2604, LogLevel.Warning, "The audit can't go on now; trying again.")]
    public static partial void AuditInterrupted(this ILogger logger, Exception fault);

    [LoggerMessage(2605, LogLevel.Error, "The audit {Id} can't be carried out.")]
    public static partial void AuditFailed(this ILogger logger, Exception fault, Guid id);
}
