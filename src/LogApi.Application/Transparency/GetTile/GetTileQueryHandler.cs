using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Transparency.GetTile;

internal sealed class GetTileQueryHandler(PublishedTiles tiles) : IRequestHandler<GetTileQuery, Result<TileContent>>
{
    public async Task<Result<TileContent>> Handle(GetTileQuery request, CancellationToken cancellationToken)
    {
        if (!TileAddress.TryParse(request.Level, request.Path, out var tile)) return new NotFoundError("No tile has this address.");
        var read = await tiles.ReadAsync(tile, cancellationToken);
        return read.TryGet(out var hashes, out var error) ? new TileContent(hashes) : error;
    }
}
