namespace FocalSharp;

/// <summary>
/// The base class of errors that a user can fix: a wrong path, a damaged file, an option out of range. The message says what went wrong,
/// where, why, and how to fix it.
/// </summary>
/// <remarks>
/// Messages may quote untrusted files: control characters other than line breaks and tabs, which could steer a terminal, are replaced, and
/// messages longer than <see cref="MaxMessageLength"/> are cut.
/// </remarks>
/// <seealso cref="OptionException"/>
/// <seealso cref="FileException"/>
/// <seealso cref="DatasetException"/>
/// <seealso cref="ImageException"/>
/// <seealso cref="ModelException"/>
/// <seealso cref="TrainingException"/>
/// <seealso cref="PlatformException"/>
public abstract class FocalSharpException : Exception
{
    /// <summary>Maximum length of a message.</summary>
    public const int MaxMessageLength = 8000;

    /// <summary>Initializes an exception without a message.</summary>
    protected FocalSharpException()
    {
    }

    /// <summary>Initializes an exception with a message for the user.</summary>
    protected FocalSharpException(string message)
        : base(Sanitize(message))
    {
    }

    /// <summary>Initializes an exception with a message for the user and its cause.</summary>
    protected FocalSharpException(string message, Exception innerException)
        : base(Sanitize(message), innerException)
    {
    }

    private static string Sanitize(string message)
    {
        string cut = message.Length > MaxMessageLength ? string.Concat(message.AsSpan(0, MaxMessageLength - 1), "…") : message;
        return cut.Any(IsUnsafe) ? string.Concat(cut.Select(letter => IsUnsafe(letter) ? '?' : letter)) : cut;
    }

    private static bool IsUnsafe(char letter) => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t');
}
