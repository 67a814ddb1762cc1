namespace LogApi.Infrastructure.Redis.Sealed;

/// <summary>What is sealed of one entry.</summary>
/// <param name="Record">The stored bytes; empty when they are gone.</param>
/// <param name="Id">The id, 16 bytes, under which the store holds it; null when there is no such row and the record names none.</param>
/// <param name="Side">What the store holds beside the id.</param>
internal readonly record struct SealedEntry(ReadOnlyMemory<byte> Record, byte[]? Id, ReadOnlyMemory<byte> Side);
