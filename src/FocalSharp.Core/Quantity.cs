namespace FocalSharp;

/// <summary>Writes a number of things in messages.</summary>
internal static class Quantity
{
    /// <summary>Returns the number and the noun, in the plural unless the number is 1: "1 class", "2 classes".</summary>
    /// <param name="count">The number.</param>
    /// <param name="noun">The noun in the singular, with a regular plural.</param>
    public static string Format(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}{(noun[^1] is 's' or 'x' ? "es" : "s")}";
}
