namespace FocalSharp;

/// <summary>
/// A fault that the user can mend: a wrong path, a broken file, an impossible setting. The message says what, where, why and the
/// way out; the command line prints it alone and exits with 1.
/// </summary>
/// <remarks>
/// Messages quote files that nobody vouches for: control characters other than line breaks and tabs, which could steer a terminal, are
/// replaced, and what is longer than a page is cut.
/// </remarks>
public sealed class UserErrorException : Exception
{
    /// <summary>Longest message.</summary>
    public const int MostLetters = 8000;

    /// <summary>Makes an error without a message; prefer one with.</summary>
    public UserErrorException()
    {
    }

    /// <summary>Makes an error with the message that the user reads.</summary>
    public UserErrorException(string message)
        : base(Clean(message))
    {
    }

    /// <summary>Makes an error with the message that the user reads and its cause for a debugger.</summary>
    public UserErrorException(string message, Exception innerException)
        : base(Clean(message), innerException)
    {
    }

    /// <summary>Throws where a condition does not hold, as of an option out of its range.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="otherwise">The message that the user reads then.</param>
    /// <exception cref="UserErrorException">It does not hold.</exception>
    public static void ThrowUnless(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new UserErrorException(otherwise);
        }
    }

    private static string Clean(string message)
    {
        string cut = message.Length > MostLetters ? string.Concat(message.AsSpan(0, MostLetters - 1), "…") : message;
        return cut.Any(IsUnfit) ? string.Concat(cut.Select(letter => IsUnfit(letter) ? '?' : letter)) : cut;
    }

    private static bool IsUnfit(char letter) => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t');
}
