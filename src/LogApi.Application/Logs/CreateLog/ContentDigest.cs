using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LogApi.Application.Logs.CreateLog;

/// <summary>
/// Tells whether a request asks for the same as another: the SHA-256 of its members, each behind its length, whatever white space
/// or order they were sent in.
/// </summary>
internal static class ContentDigest
{
    public static byte[] Of(CreateLogCommand request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, request.Id);
        Add(hash, request.Query);
        Add(hash, request.Status);
        Add(hash, request.OccurredAt);
        foreach (var (key, value) in (request.Attributes ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, key);
            Add(hash, value);
        }

        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
