namespace FocalSharp;

/// <summary>The exception that is thrown when a file or folder cannot be read or written.</summary>
public sealed class FileException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public FileException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public FileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public FileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the file or folder, or null if unknown.</summary>
    public string? Path { get; init; }
}
