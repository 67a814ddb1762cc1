namespace LogApi.Web.Commands.Verify;

/// <summary>A file is not what the command takes; the message is for whoever called it.</summary>
internal sealed class UnusableFileException(string message) : Exception(message);
