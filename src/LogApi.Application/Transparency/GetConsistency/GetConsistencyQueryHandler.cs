using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Ports;
using LogApi.Domain.Transparency;
using MediatR;

namespace LogApi.Application.Transparency.GetConsistency;

internal sealed class GetConsistencyQueryHandler(ITransparencyLog log, LogTree tree)
    : IRequestHandler<GetConsistencyQuery, Result<ConsistencyResponse>>
{
    public async Task<Result<ConsistencyResponse>> Handle(GetConsistencyQuery request, CancellationToken cancellationToken)
    {
        var head = await tree.ReadHeadAsync(cancellationToken);
        if (head is { Published: null, Problem: { } unknown }) return new SigningRefusedError($"There is no proof to give, because {unknown}.");
        if (head.Problem is { } problem) return new TreeDamagedError($"There is no proof to give, because {problem}.");
        var (from, to) = (request.From!.Value, request.To ?? head.Size);
        if (from > head.Size) return TooLarge("from", head.Size);
        if (to > head.Size) return TooLarge("to", head.Size);

        try
        {
            var proof = await TileProof.OfConsistencyAsync(log, from, to, cancellationToken);
            var (oldRoot, newRoot) = (await TileProof.RootAsync(log, from, cancellationToken), await RootAsync(head, to, cancellationToken));
            if (!TreeProof.IsConsistent(from, to, [.. proof], oldRoot, newRoot))
                return new TreeDamagedError("There is no proof to give, because the tree's tiles do not lead to the root that was signed.");
            return new ConsistencyResponse { From = from, To = to, Hashes = [.. proof.Select(hash => hash.ToString())] };
        }
        catch (MissingTileException missing)
        {
            return new TreeDamagedError($"The tile {missing.Tile.Level}/{missing.Tile.ToPath()} was published, but is missing from the store.");
        }
    }

    private async Task<TreeHash> RootAsync(TreeHead head, long size, CancellationToken cancellationToken) => size == head.Size
        ? head.Published!.Checkpoint.Root
        : await TileProof.RootAsync(log, size, cancellationToken);

    private static InvalidRequestError TooLarge(string field, long size) => new(new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [field] = [string.Create(CultureInfo.InvariantCulture, $"must not be more than the size of the newest checkpoint, {size}")],
    });
}
