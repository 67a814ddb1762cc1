namespace LogApi.Domain.Transparency;

/// <summary>One signature under a note.</summary>
/// <param name="Name">The signer's name.</param>
/// <param name="KeyId">The <see cref="NoteKey.Id"/> that the signature claims.</param>
/// <param name="Value">The signature itself.</param>
public readonly record struct NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Value);
