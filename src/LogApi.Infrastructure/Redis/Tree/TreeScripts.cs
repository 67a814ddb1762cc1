namespace LogApi.Infrastructure.Redis.Tree;

/// <summary>The scripts that change the published tree. Each says at its head what it does.</summary>
internal sealed record TreeScripts
{
    public string Publish { get; init; } = LuaResource.Read("publish.lua");

    public string Refuse { get; init; } = LuaResource.Read("refuse.lua");

    public string Restart { get; init; } = LuaResource.Read("restart-tree.lua");
}
