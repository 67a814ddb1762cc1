using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Transparency.GetTile;

internal sealed class GetTileQueryHandler(ITransparencyLog log, LogTree tree) : IRequestHandler<GetTileQuery, Result<TileContent>>
{
    public async Task<Result<TileContent>> Handle(GetTileQuery request, CancellationToken cancellationToken)
    {
        if (!TileAddress.TryParse(request.Level, request.Path, out var tile)) return new NotFoundError("No tile has this address.");
        var size = await tree.ReadSizeAsync(TileAddress.SizeOf(tile), cancellationToken);
        if (Tile.WidthIn(size, tile.Level, tile.Index) < tile.Width) return new NotFoundError(TileAddress.WhyMissing(tile, size));

        var hashes = await log.ReadAsync(tile, cancellationToken);
        var length = tile.Width * TreeHash.Size;
        if (hashes.Length < length)
            return new TreeDamagedError($"The tile {tile.Level}/{tile.ToPath()} was published, but is missing from the store.");
        return new TileContent(hashes[..length]);
    }
}
