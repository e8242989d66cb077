using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>The value of the generalized focal loss and its partial derivatives.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Loss">The loss.</param>
/// <param name="LeftGradient">The derivative by p_l.</param>
/// <param name="RightGradient">The derivative by p_r.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GeneralizedFocalLossValue<T>(T Loss, T LeftGradient, T RightGradient)
    where T : struct;
