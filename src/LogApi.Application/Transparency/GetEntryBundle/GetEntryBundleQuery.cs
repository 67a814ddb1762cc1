using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Transparency.GetEntryBundle;

/// <summary>Asks for the leaves under one tile of level 0.</summary>
/// <param name="Path">The bundle's place and width, as C2SP tlog-tiles spells them.</param>
public sealed record GetEntryBundleQuery(string? Path) : IRequest<Result<EntryBundle>>;

/// <summary>Leaves of the tree.</summary>
/// <param name="Bytes">1 to 256 leaves, each with its length before it in two bytes, big-endian.</param>
public sealed record EntryBundle(ReadOnlyMemory<byte> Bytes);
