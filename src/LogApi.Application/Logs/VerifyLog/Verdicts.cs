using LogApi.Application.Transparency;
using LogApi.Domain.Verification;

namespace LogApi.Application.Logs.VerifyLog;

/// <summary>Puts together what the secret says of a stored entry and what the tree says.</summary>
internal static class Verdicts
{
    public static VerificationResponse Join(EntryVerification verdict, InclusionVerdict inclusion, long sequence)
    {
        var isValid = verdict.Valid && inclusion.State != InclusionState.Failed;
        return new VerificationResponse
        {
            Valid = isValid,
            VerificationToken = isValid ? verdict.Token?.Hex : null,
            Error = Join(verdict.Error, inclusion.Problem),
            HashValid = verdict.HashValid,
            Inclusion = inclusion.Word,
            LogIndex = sequence,
            TreeSize = inclusion.Head.Size,
            Redacted = verdict.Redacted,
        };
    }

    private static string? Join(string? error, string? other) => error is null || other is null ? error ?? other : $"{error}; {other}";
}
