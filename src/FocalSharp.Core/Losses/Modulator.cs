using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>The power that damps what is already right, with the conventions that keep its gradient finite.</summary>
internal static class Modulator
{
    /// <summary>a^β for a ≥ 0; 1 where β = 0, at a = 0 too.</summary>
    public static T Power<T>(T magnitude, T exponent)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (exponent == T.One + T.One)
        {
            return magnitude * magnitude;
        }

        return exponent == T.One ? magnitude : exponent == T.Zero ? T.One : T.Pow(magnitude, exponent);
    }

    /// <summary>β·a^(β−1) for a ≥ 0; 0 where β = 0, and at a = 0 with β below 1, where the limit is a pole.</summary>
    public static T Slope<T>(T magnitude, T exponent)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (exponent == T.Zero || (magnitude == T.Zero && exponent < T.One))
        {
            return T.Zero;
        }

        return exponent * Power(magnitude, exponent - T.One);
    }

    /// <summary>−1, 0 or 1: the derivative of |x| as autograd takes it.</summary>
    public static T Sign<T>(T value)
        where T : struct, IFloatingPointIeee754<T> => value > T.Zero ? T.One : value < T.Zero ? -T.One : T.Zero;
}
