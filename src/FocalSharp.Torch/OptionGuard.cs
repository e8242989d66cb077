namespace FocalSharp.Torch;

/// <summary>Checks of options.</summary>
internal static class OptionGuard
{
    /// <summary>Throws if an option is out of range.</summary>
    /// <param name="condition">Whether the option is valid.</param>
    /// <param name="optionName">The option.</param>
    /// <param name="message">What is wrong with it, and its range.</param>
    /// <exception cref="OptionException"><paramref name="condition"/> is false.</exception>
    public static void Require(bool condition, string optionName, string message)
    {
        if (!condition)
        {
            throw new OptionException(message) { OptionName = optionName };
        }
    }
}
