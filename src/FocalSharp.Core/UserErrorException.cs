namespace FocalSharp;

/// <summary>
/// A fault that the user can mend: a wrong path, a broken file, an impossible setting. The message says what, where, why and the
/// way out; the command line prints it alone and exits with 1.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>Makes an error without a message; prefer one with.</summary>
    public UserErrorException()
    {
    }

    /// <summary>Makes an error with the message that the user reads.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with the message that the user reads and its cause for a debugger.</summary>
    public UserErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
