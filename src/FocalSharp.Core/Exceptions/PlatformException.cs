namespace FocalSharp;

/// <summary>The exception that is thrown when a native library or a feature of the platform is missing.</summary>
public sealed class PlatformException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public PlatformException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public PlatformException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public PlatformException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
