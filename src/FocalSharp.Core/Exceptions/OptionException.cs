namespace FocalSharp;

/// <summary>The exception that is thrown when an option is out of its range or conflicts with another option.</summary>
public sealed class OptionException : FocalSharpException
{
    /// <summary>Initializes an exception without a message.</summary>
    public OptionException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    public OptionException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">What went wrong, where, why, and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public OptionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the option, for example <c>AssignerTopK</c>, or null where several conflict.</summary>
    public string? OptionName { get; init; }

    /// <summary>Throws if a condition on options does not hold.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="message">What is wrong with the option, and its range.</param>
    /// <exception cref="OptionException"><paramref name="condition"/> is false.</exception>
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
        {
            throw new OptionException(message);
        }
    }
}
