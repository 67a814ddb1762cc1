using FluentValidation;
using LogApi.Application.Common.Behaviors;
using LogApi.Domain.Entries;
using LogApi.Domain.Transparency;

namespace LogApi.Application.Logs.VerifyEntry;

/// <summary>
/// Refuses what is no entry in form. A member that no stored entry could have is not refused: that it is not what was logged is
/// the answer.
/// </summary>
internal sealed class VerifyEntryQueryValidator : AbstractValidator<VerifyEntryQuery>
{
    public VerifyEntryQueryValidator()
    {
        RuleFor(query => query.Entry.Id).Passes(LogId.Check, "id");
        RuleFor(query => query.Entry.Timestamp).Passes(Required, "timestamp");
        RuleFor(query => query.Sequence).Passes(CheckPlace, "seq");
        RuleFor(query => query.LogIndex).Passes(CheckPlace, "log_index");
        RuleFor(query => query.Salt).Passes(CheckSalt, "salt");
        RuleFor(query => query.Commitment).Passes(
            text => text is null || TreeHash.TryParse(text, out _) ? null : "must be 32 bytes in base64", "commitment");
        When(query => !query.Redacted, () =>
        {
            RuleFor(query => query.Entry.UserId).Passes(Required, "user_id");
            RuleFor(query => query.Entry.Query).Passes(Required, "query");
            RuleFor(query => query.Entry.Status).Passes(Required, "status");
            RuleFor(query => query.Entry.Hash).Passes(Required, "hash");
        });
    }

    private static string? Required(string? text) => text is null ? "is required: send the entry with all that it has" : null;

    private static string? CheckPlace(long? place) => place is null or >= 0 ? null : "must be 0 or more";

    private static string? CheckSalt(string? text)
    {
        Span<byte> salt = stackalloc byte[LogLeaf.SaltSize + 2];
        return text is null || (Convert.TryFromBase64String(text, salt, out var length) && length == LogLeaf.SaltSize)
            ? null
            : $"must be {LogLeaf.SaltSize} bytes in base64";
    }
}
