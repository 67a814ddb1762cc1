namespace LogApi.Application.Ports;

/// <summary>What the operator has set about the log as a whole.</summary>
/// <param name="CheckpointInterval">How often a checkpoint is made while entries come.</param>
/// <param name="RetentionDays">For how many days entries are kept; 0 for ever.</param>
/// <param name="RetentionMaxEntries">How many of the newest entries are kept; 0 for all.</param>
/// <param name="AcceptsUnsigned">Whether entries are stored while nothing may be signed.</param>
public sealed record TransparencyPolicy(TimeSpan CheckpointInterval, int RetentionDays, long RetentionMaxEntries, bool AcceptsUnsigned = false);
