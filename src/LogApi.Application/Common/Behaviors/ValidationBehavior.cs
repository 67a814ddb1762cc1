using FluentValidation;
using LogApi.Application.Common.Errors;
using MediatR;

namespace LogApi.Application.Common.Behaviors;

/// <summary>Runs the validators of a request; when one finds a fault, the handler is not reached.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IFailable<TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        Dictionary<string, string[]>? failures = null;
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (result.IsValid) continue;
            failures ??= [];
            foreach (var (field, messages) in result.ToDictionary())
                failures[field] = failures.TryGetValue(field, out var earlier) ? [.. earlier, .. messages] : messages;
        }

        return failures is null ? await next() : TResponse.Failure(new InvalidRequestError(failures));
    }
}
