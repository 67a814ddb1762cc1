using LogApi.Application.Common.Errors;

namespace LogApi.Application.Tests.Common;

public sealed class ResultTests
{
    [Test]
    public void TryGet_Value_GivesItAndNoError()
    {
        Result<string> result = "value";
        Assert.That(result.TryGet(out var value, out var error), Is.True);
        Assert.That(value, Is.EqualTo("value"));
        Assert.That(error, Is.Null);
    }

    [Test]
    public void TryGet_Error_GivesItAndNoValue()
    {
        Result<string> result = new NotFoundError("nothing there");
        Assert.That(result.TryGet(out var value, out var error), Is.False);
        Assert.That(value, Is.Null);
        Assert.That(error, Is.EqualTo(new NotFoundError("nothing there")));
    }

    [Test]
    public void Failure_NoError_Throws() => Assert.That(() => Result<string>.Failure(null!), Throws.ArgumentNullException);
}
