namespace FocalSharp;

/// <summary>The exception that is thrown when a model file is missing, damaged, of another architecture or not supported.</summary>
public sealed class ModelException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public ModelException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public ModelException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public ModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the model file or the name of the model, or null if unknown.</summary>
    public string? Path { get; init; }
}
