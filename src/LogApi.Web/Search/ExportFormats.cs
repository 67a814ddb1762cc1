namespace LogApi.Web.Search;

/// <summary>The forms that an export comes in.</summary>
internal static class ExportFormats
{
    public const string Ndjson = "ndjson";
    public const string Csv = "csv";

    public const string NdjsonType = "application/x-ndjson";
    public const string CsvType = "text/csv";

    /// <summary>Says what is accepted when a word is no form, or nothing when it is.</summary>
    public static string? Check(string? format) => format is null or Ndjson or Csv ? null : $"must be {Ndjson} or {Csv}";
}
