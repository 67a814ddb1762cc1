using LogApi.Domain.Entries;

namespace LogApi.Web.Live.Frames;

/// <summary>Whose entries a client wants, made ready once to be held against encoded records.</summary>
internal sealed class UserFilter(string userId)
{
    private readonly byte[] _encoded = EntryRecord.EncodeText(userId);

    /// <summary>The user id as the client gave it.</summary>
    public string UserId { get; } = userId;

    /// <summary>Tells whether an encoded user id is this one.</summary>
    public bool Matches(ReadOnlySpan<byte> encodedUserId) => encodedUserId.SequenceEqual(_encoded);
}
