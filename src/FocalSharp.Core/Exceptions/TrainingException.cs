namespace FocalSharp;

/// <summary>The exception that is thrown when training cannot start or continue.</summary>
public sealed class TrainingException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public TrainingException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the folder of the run, if there is one to resume; otherwise, null.</summary>
    public string? RunFolder { get; init; }

    /// <summary>Gets the saved batch of the bad step that stopped the run, or null.</summary>
    public string? BadStepPath { get; init; }
}
