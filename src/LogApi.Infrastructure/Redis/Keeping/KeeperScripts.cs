namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>The scripts of sealing and retention. Each says at its head what it does.</summary>
internal sealed record KeeperScripts
{
    public string Replace { get; init; } = LuaResource.Read("replace.lua");

    public string Unload { get; init; } = LuaResource.Read("unload.lua");

    public string Unmark { get; init; } = LuaResource.Read("unmark.lua");

    public string Forget { get; init; } = LuaResource.Read("forget.lua");

    public string Drop { get; init; } = LuaResource.Read("drop.lua");
}
