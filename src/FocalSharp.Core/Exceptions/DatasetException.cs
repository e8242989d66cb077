namespace FocalSharp;

/// <summary>The exception that is thrown when a data set cannot be recognized, read, split or written.</summary>
public sealed class DatasetException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public DatasetException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public DatasetException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public DatasetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the data set or the file in it, or null if unknown.</summary>
    public string? Path { get; init; }
}
