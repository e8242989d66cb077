using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>Generalized focal loss at a point and its partial derivatives.</summary>
/// <typeparam name="T">Precision: float or double.</typeparam>
/// <param name="Loss">The loss.</param>
/// <param name="LeftGradient">Its derivative by p_l.</param>
/// <param name="RightGradient">Its derivative by p_r.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GeneralizedFocalLossValue<T>(T Loss, T LeftGradient, T RightGradient)
    where T : struct;
