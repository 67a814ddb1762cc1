namespace LogApi.Web.Errors;

/// <summary>Ends a request with a failure from a place that can't return one, such as a body reader.</summary>
internal sealed class FailureException(Failure failure) : Exception(failure.Kind.Title)
{
    public Failure Failure { get; } = failure;
}
