using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>The value of a loss and its derivative by the input.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">The derivative.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LossAndGradient<T>(T Loss, T Gradient)
    where T : struct;
