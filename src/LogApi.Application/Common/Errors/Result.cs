using System.Diagnostics.CodeAnalysis;

namespace LogApi.Application.Common.Errors;

/// <summary>The outcome of a use case: a value, or the <see cref="Errors.Error"/> that explains why there is none.</summary>
/// <typeparam name="T">What the use case gives when it succeeds.</typeparam>
public sealed class Result<T> : IFailable<Result<T>>
    where T : notnull
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>Why there is no value; none on success.</summary>
    public Error? Error { get; }

    /// <summary>Wraps the value of a success.</summary>
    public static implicit operator Result<T>(T value) => new(value, error: null);

    /// <summary>Wraps the reason of a failure.</summary>
    public static implicit operator Result<T>(Error error) => Failure(error);

    /// <inheritdoc/>
    public static Result<T> Failure(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new Result<T>(default, error);
    }

    /// <summary>Gives the value of a success, or the error of a failure.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Error? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }
}

/// <summary>A response type that a pipeline behaviour can make from an error, without running the handler.</summary>
/// <typeparam name="TSelf">The response type itself.</typeparam>
public interface IFailable<out TSelf>
    where TSelf : IFailable<TSelf>
{
    /// <summary>Makes the response that reports <paramref name="error"/>.</summary>
    static abstract TSelf Failure(Error error);
}
