using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>An activation and its derivative over vectors of float32.</summary>
/// <param name="Kind">The activation.</param>
/// <param name="NegativeSlope">Slope of ReLU below 0.</param>
internal readonly record struct FusedActivation(ActivationKind Kind, float NegativeSlope)
{
    private const float Sixth = 1f / 6;

    /// <summary>Returns the activation of values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> x)
    {
        switch (Kind)
        {
            case ActivationKind.None:
                return x;
            case ActivationKind.HardSwish:
                Vector512<float> gate = Vector512.Min(Vector512.Max(x + Vector512.Create(3f), Vector512<float>.Zero), Vector512.Create(6f));
                return x * gate * Sixth;
            case ActivationKind.Relu6:
                return Vector512.Min(Vector512.Max(x, Vector512<float>.Zero), Vector512.Create(6f));
            default:
                return Vector512.Max(x, ScaleNegative(x));
        }
    }

    /// <summary>Multiplies a gradient by the derivative; at the corners it is the one from below, as libtorch's.</summary>
    /// <param name="x">Values before the activation.</param>
    /// <param name="gradient">Gradient after the activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Gate(Vector512<float> x, Vector512<float> gradient)
    {
        if (Kind == ActivationKind.HardSwish)
        {
            // 0 up to −3, (2x + 3)/6 between, 1 from 3.
            Vector512<float> between = Vector512.FusedMultiplyAdd(x, Vector512.Create(2 * Sixth), Vector512.Create(0.5f)) * gradient;
            Vector512<float> inside = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vector512.Create(-3f)), Vector512<float>.Zero, between);
            return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512.Create(3f)), gradient, inside);
        }

        if (Kind == ActivationKind.Relu6)
        {
            Vector512<float> passed = Vector512.GreaterThan(x, Vector512<float>.Zero) & Vector512.LessThan(x, Vector512.Create(6f));
            return Vector512.ConditionalSelect(passed, gradient, Vector512<float>.Zero);
        }

        return Kind == ActivationKind.None
            ? gradient
            : Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vector512<float>.Zero), ScaleNegative(gradient), gradient);
    }

    // Not 0 times the value: infinity would become NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> ScaleNegative(Vector512<float> value) => NegativeSlope == 0 ? Vector512<float>.Zero : value * NegativeSlope;
}
