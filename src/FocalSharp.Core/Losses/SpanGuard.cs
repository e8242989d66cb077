using System.Numerics;
using System.Runtime.CompilerServices;

namespace FocalSharp.Losses;

/// <summary>Checks the arguments of losses in closed form.</summary>
internal static class SpanGuard
{
    /// <summary>Throws unless a span has a length.</summary>
    /// <param name="length">The length of the span.</param>
    /// <param name="expected">The length that it must have.</param>
    /// <param name="expression">The expression of the length, from which the parameter's name is taken.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static void RequireLength(int length, int expected, [CallerArgumentExpression(nameof(length))] string expression = "")
    {
        if (length != expected)
        {
            string name = expression.Split('.')[0];
            throw new ArgumentException($"'{name}' must have {expected} elements, but has {length}.", name);
        }
    }

    /// <summary>Throws unless the exponent of a modulating factor is finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireExponent<T>(T exponent, [CallerArgumentExpression(nameof(exponent))] string name = "")
        where T : struct, IFloatingPointIeee754<T>
    {
        if (!(exponent >= T.Zero && T.IsFinite(exponent)))
        {
            throw new ArgumentOutOfRangeException(name, exponent, $"'{name}' must be a finite number of at least 0.");
        }
    }

    /// <summary>If values are checked, throws unless all are between 0 and 1.</summary>
    /// <exception cref="ArgumentException">A value is outside.</exception>
    public static void CheckFractions<T>(ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string name = "")
        where T : struct, IFloatingPointIeee754<T>
    {
        if (!ValueChecks.AreEnabled)
        {
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= T.Zero && values[i] <= T.One))
            {
                throw new ArgumentException($"'{name}' must be between 0 and 1, but element {i} is {values[i]}.", name);
            }
        }
    }
}
