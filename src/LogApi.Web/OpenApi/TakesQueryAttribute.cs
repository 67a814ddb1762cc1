using LogApi.Web.Search;

namespace LogApi.Web.OpenApi;

/// <summary>Says which query parameters an operation takes that reads its query string itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class TakesQueryAttribute : Attribute
{
    /// <summary>The parameters.</summary>
    public abstract IReadOnlyList<QueryParameter> Parameters { get; }
}

/// <summary>The operation takes <see cref="LogQueryParameters.Search"/>.</summary>
internal sealed class TakesSearchQueryAttribute : TakesQueryAttribute
{
    public override IReadOnlyList<QueryParameter> Parameters => LogQueryParameters.Search;
}

/// <summary>The operation takes <see cref="LogQueryParameters.Export"/>.</summary>
internal sealed class TakesExportQueryAttribute : TakesQueryAttribute
{
    public override IReadOnlyList<QueryParameter> Parameters => LogQueryParameters.Export;
}

/// <summary>The operation takes <see cref="LogQueryParameters.Stream"/>.</summary>
internal sealed class TakesStreamQueryAttribute : TakesQueryAttribute
{
    public override IReadOnlyList<QueryParameter> Parameters => LogQueryParameters.Stream;
}
