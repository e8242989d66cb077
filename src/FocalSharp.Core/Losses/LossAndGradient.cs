using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>A loss at a point and its derivative by the input there.</summary>
/// <typeparam name="T">Precision: float or double.</typeparam>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">Its derivative.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LossAndGradient<T>(T Loss, T Gradient)
    where T : struct;
