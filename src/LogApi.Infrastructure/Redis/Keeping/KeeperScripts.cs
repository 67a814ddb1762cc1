namespace LogApi.Infrastructure.Redis.Keeping;

/// <summary>The scripts of sealing, retention and redaction. Each says at its head what it does.</summary>
internal sealed record KeeperScripts
{
    public string Replace { get; init; } = LuaResource.Read("replace.lua");

    public string Unload { get; init; } = LuaResource.Read("unload.lua");

    public string Unmark { get; init; } = LuaResource.Read("unmark.lua");

    public string Forget { get; init; } = LuaResource.Read("forget.lua");

    public string BeginDrop { get; init; } = LuaResource.Read("begin-drop.lua");

    public string Drop { get; init; } = LuaResource.Read("drop.lua");

    public string BeginRedaction { get; init; } = LuaResource.Read("begin-redaction.lua");

    public string Redact { get; init; } = LuaResource.Read("redact.lua");

    public string EndRedaction { get; init; } = LuaResource.Read("end-redaction.lua");
}
