namespace FocalSharp.Explorer.Losses;

/// <summary>Generalized focal loss of two neighbouring labels' probabilities.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="GradientLeft">Its derivative by p_l.</param>
/// <param name="GradientRight">Its derivative by p_r.</param>
/// <param name="Expectation">ŷ = y_l·p_l + y_r·p_r.</param>
internal sealed record PairPoint(double Loss, double GradientLeft, double GradientRight, double Expectation);
