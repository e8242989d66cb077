using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>The modulating factor that down-weights easy samples, with the conventions that make its gradient finite.</summary>
internal static class Modulator
{
    /// <summary>Returns a^β for a ≥ 0; 1 for β = 0, also at a = 0.</summary>
    public static T Power<T>(T magnitude, T exponent)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (exponent == T.One + T.One)
        {
            return magnitude * magnitude;
        }

        return exponent == T.One ? magnitude : exponent == T.Zero ? T.One : T.Pow(magnitude, exponent);
    }

    /// <summary>Returns β·a^(β−1) for a ≥ 0; 0 for β = 0, and at a = 0 for β below 1, where the limit is infinite.</summary>
    public static T Slope<T>(T magnitude, T exponent)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (exponent == T.Zero || (magnitude == T.Zero && exponent < T.One))
        {
            return T.Zero;
        }

        return exponent * Power(magnitude, exponent - T.One);
    }

    /// <summary>Returns −1, 0 or 1: the derivative of |x| in autograd.</summary>
    public static T Sign<T>(T value)
        where T : struct, IFloatingPointIeee754<T> => value > T.Zero ? T.One : value < T.Zero ? -T.One : T.Zero;
}
