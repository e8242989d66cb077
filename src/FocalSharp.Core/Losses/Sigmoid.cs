using System.Numerics;
using System.Runtime.CompilerServices;

namespace FocalSharp.Losses;

/// <summary>The sigmoid and related functions in forms that neither overflow nor lose small values, for any logit.</summary>
internal static class Sigmoid
{
    /// <summary>Returns σ(x) = 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T logit)
        where T : struct, IFloatingPointIeee754<T>
    {
        T small = T.Exp(-T.Abs(logit));
        return (logit >= T.Zero ? T.One : small) / (T.One + small);
    }

    /// <summary>Returns log(1 + eˣ) = −log σ(−x).</summary>
    public static T Softplus<T>(T logit)
        where T : struct, IFloatingPointIeee754<T> => T.Max(logit, T.Zero) + Log1P(T.Exp(-T.Abs(logit)));

    /// <summary>
    /// Returns the binary cross entropy of σ(x) with a soft target y in [0, 1]: max(x, 0) − x·y + log(1 + e^−|x|). Its gradient is σ(x) − y.
    /// </summary>
    public static T CrossEntropy<T>(T logit, T target)
        where T : struct, IFloatingPointIeee754<T> =>
        T.Max(logit, T.Zero) - (logit * target) + Log1P(T.Exp(-T.Abs(logit)));

    /// <summary>Returns log(1 + x) for x ≥ 0, accurate to rounding for tiny x (.NET's LogP1 adds the one first).</summary>
    private static T Log1P<T>(T x)
        where T : struct, IFloatingPointIeee754<T>
    {
        T sum = T.One + x;
        return sum == T.One ? x : T.Log(sum) * (x / (sum - T.One));
    }
}
