using LogApi.Domain.Transparency;
using NSec.Cryptography;

namespace LogApi.Infrastructure.Signing;

/// <summary>Ed25519 (RFC 8032) with nothing but a public key: for checking notes of any log, without a service.</summary>
public static class Ed25519Signatures
{
    /// <summary>The check that <see cref="SignedNote.IsSignedBy"/> asks for. A public key that is no point of the curve signs nothing.</summary>
    public static bool Check(NoteKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        return PublicKey.TryImport(SignatureAlgorithm.Ed25519, key.PublicKey, KeyBlobFormat.RawPublicKey, out var publicKey)
            && SignatureAlgorithm.Ed25519.Verify(publicKey!, text, signature);
    }
}
