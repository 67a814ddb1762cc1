using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Transparency.GetTile;

/// <summary>Asks for hashes of the tree.</summary>
/// <param name="Level">The tile's level, as the caller gave it.</param>
/// <param name="Path">The tile's place and width, as C2SP tlog-tiles spells them: <c>x001/x234/067</c>, <c>000.p/17</c>.</param>
public sealed record GetTileQuery(string? Level, string? Path) : IRequest<Result<TileContent>>;

/// <summary>The hashes of a tile.</summary>
/// <param name="Hashes">1 to 256 hashes of 32 bytes, one behind the other.</param>
public sealed record TileContent(ReadOnlyMemory<byte> Hashes);
