namespace LogApi.Application.Common.Errors;

/// <summary>
/// The service can't start as it is set up. The message is one line, for the operator, that says what to change; it is shown
/// without a stack trace and the process ends with exit code 1.
/// </summary>
public sealed class StartRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line that says what is wrong and what to change.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public StartRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
