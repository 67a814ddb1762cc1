using FluentValidation;
using FluentValidation.Results;
using LogApi.Application.Common.Behaviors;
using LogApi.Application.Common.Errors;
using MediatR;
using Moq;

namespace LogApi.Application.Tests.Common;

public sealed class ValidationBehaviorTests
{
    private int _handled;

    [Test]
    public async Task Handle_NoValidator_ReachesTheHandler()
    {
        var result = await RunAsync();
        Assert.That(result.TryGet(out var value, out _), Is.True);
        Assert.That(value, Is.EqualTo("handled"));
        Assert.That(_handled, Is.EqualTo(1));
    }

    [Test]
    public async Task Handle_AllValid_ReachesTheHandlerOnce()
    {
        await RunAsync(Finding(), Finding());
        Assert.That(_handled, Is.EqualTo(1));
    }

    [Test]
    public async Task Handle_AnyInvalid_GivesEveryFindingAndNeverReachesTheHandler()
    {
        var result = await RunAsync(
            Finding(), Finding(("a", "is required"), ("b", "is too long")), Finding(("a", "is odd")));
        Assert.That(result.TryGet(out _, out var error), Is.False);
        var failures = ((InvalidRequestError)error!).Failures;
        Assert.That(failures.Keys, Is.EquivalentTo(["a", "b"]));
        Assert.That(failures["a"], Is.EqualTo(["is required", "is odd"]));
        Assert.That(failures["b"], Is.EqualTo(["is too long"]));
        Assert.That(_handled, Is.Zero);
    }

    [Test]
    public async Task Handle_HandlerThrows_PassesTheExceptionOn()
    {
        var behavior = new ValidationBehavior<Request, Result<string>>([]);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => behavior.Handle(
            new Request(), CancellationToken.None, () => throw new StoreUnavailableException(StoreFailure.OutcomeUnknown)));
    }

    private Task<Result<string>> RunAsync(params IValidator<Request>[] validators) =>
        new ValidationBehavior<Request, Result<string>>(validators).Handle(
            new Request(),
            CancellationToken.None,
            () =>
            {
                _handled++;
                return Task.FromResult<Result<string>>("handled");
            });

    private static IValidator<Request> Finding(params (string Field, string Message)[] failures)
    {
        var validator = new Mock<IValidator<Request>>();
        validator.Setup(v => v.ValidateAsync(It.IsAny<Request>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ValidationResult(failures.Select(f => new ValidationFailure(f.Field, f.Message))));
        return validator.Object;
    }

    public sealed record Request : IRequest<Result<string>>;
}
