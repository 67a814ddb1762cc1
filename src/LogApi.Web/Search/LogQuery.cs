using System.Globalization;
using LogApi.Application.Common.Errors;
using LogApi.Application.Logs;
using Microsoft.AspNetCore.WebUtilities;

namespace LogApi.Web.Search;

/// <summary>
/// Reads the query string of a search or a stream. Names count with their case, as those of attributes do.
/// </summary>
internal sealed class LogQuery
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _failures = new(StringComparer.Ordinal);

    /// <param name="query">The query string, as it came.</param>
    /// <param name="accepted">
    /// The names of the endpoint's parameters, as documented. What is not known is refused: a misspelt condition that is ignored
    /// would answer with entries that were not asked for. Without it, what is not known is passed over.
    /// </param>
    public LogQuery(QueryString query, IReadOnlyList<string>? accepted = null)
    {
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            var name = pair.DecodeName().ToString();
            var value = pair.DecodeValue().ToString();
            if (accepted is not null && !accepted.Contains(name, StringComparer.Ordinal) && !IsAttribute(name))
                _failures[name] = ["is not known here; accepted are " + string.Join(", ", accepted)];
            else if (_values.TryGetValue(name, out var earlier)) earlier.Add(value);
            else _values.Add(name, [value]);
        }
    }

    /// <summary>What is wrong with the form of the parameters that were read so far; null when nothing is.</summary>
    public InvalidRequestError? Error => _failures.Count == 0 ? null : new InvalidRequestError(_failures);

    /// <summary>Gives a parameter's text; null when it is missing.</summary>
    public string? Text(string name)
    {
        if (!_values.TryGetValue(name, out var values)) return null;
        if (values.Count > 1) _failures[name] = ["must be given once"];
        return values[0];
    }

    /// <summary>Gives a parameter's number; null when it is missing.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="range">What is accepted, for the message that refuses anything else.</param>
    public long? Number(string name, string range)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        _failures[name] = [$"must be a whole number, {range}"];
        return null;
    }

    /// <summary>Whether a parameter is true; false when it is missing.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false")) _failures[name] = ["must be true or false"];
        return text == "true";
    }

    /// <summary>Whether a parameter is 1; not when it is 0 or missing.</summary>
    public bool Digit(string name)
    {
        var text = Text(name);
        if (text is not (null or "0" or "1")) _failures[name] = ["must be 1 or 0"];
        return text == "1";
    }

    /// <summary>Whether an export is to have proofs, which only one of its forms can hold.</summary>
    public bool Proofs(string format)
    {
        var proofs = Flag("proofs");
        if (proofs && format != ExportFormats.Ndjson) _failures["proofs"] = [$"must be false, or format must be {ExportFormats.Ndjson}"];
        return proofs;
    }

    /// <summary>Gives the form of an export.</summary>
    public string Format()
    {
        var format = Text("format");
        if (ExportFormats.Check(format) is { } problem) _failures["format"] = [problem];
        return format ?? ExportFormats.Ndjson;
    }

    /// <summary>Gives the conditions.</summary>
    public LogFilterRequest Filter() => new()
    {
        UserId = Text("user_id"),
        Statuses = _values.TryGetValue("status", out var statuses) ? [.. statuses.SelectMany(status => status.Split(','))] : [],
        From = Instant("from"),
        To = Instant("to"),
        Text = Text("q"),
        Attributes = [.. _values.Keys.Where(IsAttribute)
            .Select(name => KeyValuePair.Create(name[LogQueryParameters.AttributePrefix.Length..], Text(name)!))],
    };

    private static bool IsAttribute(string name) => name.StartsWith(LogQueryParameters.AttributePrefix, StringComparison.Ordinal);

    // A plus sign that was not escaped arrives as a space, and in a time with an offset it can be nothing else.
    private string? Instant(string name) => Text(name)?.Replace(' ', '+');
}
