using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Transparency.GetProof;

/// <summary>Asks for the proof that an entry is in the tree.</summary>
/// <param name="LogId">The entry's UUID, as the caller gave it.</param>
public sealed record GetProofQuery(string? LogId) : IRequest<Result<EntryProof>>;

/// <summary>The proof that an entry is in the tree of the newest checkpoint.</summary>
/// <param name="Stored">The entry.</param>
/// <param name="Leaf">What the tree has of it.</param>
/// <param name="Salt">What its commitment was made with, 16 bytes; empty when the content was erased.</param>
/// <param name="Size">How many entries the tree has.</param>
/// <param name="File">The proof.</param>
public sealed record EntryProof(StoredRecord Stored, LogLeaf Leaf, ReadOnlyMemory<byte> Salt, long Size, InclusionProofFile File);
