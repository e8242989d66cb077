namespace FocalSharp;

/// <summary>The exception that is thrown when an image cannot be decoded, or exceeds a limit.</summary>
public sealed class ImageException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public ImageException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public ImageException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public ImageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the image file or the name given to the image, or null if unknown.</summary>
    public string? Path { get; init; }
}
