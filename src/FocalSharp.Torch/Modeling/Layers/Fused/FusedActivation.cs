using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>An activation and its derivative over vectors of float32.</summary>
/// <param name="Kind">The activation.</param>
/// <param name="NegativeSlope">Slope of ReLU below 0.</param>
internal readonly record struct FusedActivation(ActivationKind Kind, float NegativeSlope)
{
    private const float Sixth = 1f / 6;

    /// <summary>Returns the activation of values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        switch (Kind)
        {
            case ActivationKind.None:
                return x;
            case ActivationKind.HardSwish:
                TLanes gate = TLanes.Min(TLanes.Max(x + TLanes.Create(3f), TLanes.Zero), TLanes.Create(6f));
                return x * gate * TLanes.Create(Sixth);
            case ActivationKind.Relu6:
                return TLanes.Min(TLanes.Max(x, TLanes.Zero), TLanes.Create(6f));
            default:
                return TLanes.Max(x, ScaleNegative(x));
        }
    }

    /// <summary>Multiplies a gradient by the derivative; at the corners it is the one from below, as libtorch's.</summary>
    /// <param name="x">Values before the activation.</param>
    /// <param name="gradient">Gradient after the activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Gate<TLanes>(TLanes x, TLanes gradient)
        where TLanes : struct, ILanes<TLanes>
    {
        if (Kind == ActivationKind.HardSwish)
        {
            // 0 up to −3, (2x + 3)/6 between, 1 from 3.
            TLanes between = TLanes.MultiplyAdd(x, TLanes.Create(2 * Sixth), TLanes.Create(0.5f)) * gradient;
            TLanes inside = TLanes.Select(TLanes.LessThanOrEqual(x, TLanes.Create(-3f)), TLanes.Zero, between);
            return TLanes.Select(TLanes.LessThanOrEqual(TLanes.Create(3f), x), gradient, inside);
        }

        if (Kind == ActivationKind.Relu6)
        {
            TLanes passed = TLanes.GreaterThan(x, TLanes.Zero) & TLanes.GreaterThan(TLanes.Create(6f), x);
            return TLanes.Select(passed, gradient, TLanes.Zero);
        }

        return Kind == ActivationKind.None
            ? gradient
            : TLanes.Select(TLanes.LessThanOrEqual(x, TLanes.Zero), ScaleNegative(gradient), gradient);
    }

    // Not 0 times the value: infinity would become NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes ScaleNegative<TLanes>(TLanes value)
        where TLanes : struct, ILanes<TLanes> => NegativeSlope == 0 ? TLanes.Zero : value * TLanes.Create(NegativeSlope);
}
