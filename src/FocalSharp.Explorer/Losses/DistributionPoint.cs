namespace FocalSharp.Explorer.Losses;

/// <summary>Distribution focal loss of n + 1 logits, and what their softmax says.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">Its n + 1 derivatives by the logits.</param>
/// <param name="Probabilities">The softmax.</param>
/// <param name="Expectation">ŷ, the distance that a detector would report.</param>
/// <param name="Deviation">Standard deviation, in bins.</param>
/// <param name="Entropy">Entropy in nats.</param>
internal sealed record DistributionPoint(
    double Loss, double[] Gradient, double[] Probabilities, double Expectation, double Deviation, double Entropy);
