using System.Runtime.InteropServices;

namespace LogApi.Infrastructure.Redis.Append;

/// <summary>What <c>append.lua</c> says of one entry.</summary>
/// <param name="Kind">Whether it was stored.</param>
/// <param name="Sequence">The place of the entry that is stored under the id; -1 when it must be looked up again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AppendAnswer(AppendAnswerKind Kind, long Sequence)
{
    private const long LookAgain = -1;

    /// <summary>Reads the script's number for an entry.</summary>
    public static AppendAnswer Of(long code) => code switch
    {
        >= 0 => new AppendAnswer(AppendAnswerKind.Stored, code),
        LookAgain => new AppendAnswer(AppendAnswerKind.LookAgain, LookAgain),
        _ => new AppendAnswer(AppendAnswerKind.Known, -2 - code),
    };
}

/// <summary>What <c>append.lua</c> did with one entry.</summary>
internal enum AppendAnswerKind
{
    /// <summary>Stored it.</summary>
    Stored,

    /// <summary>Nothing: its id was stored before.</summary>
    Known,

    /// <summary>Nothing: bundles were sealed after its id was looked up in the sealed part, and it may be in them.</summary>
    LookAgain,
}
