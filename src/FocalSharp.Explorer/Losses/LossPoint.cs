namespace FocalSharp.Explorer.Losses;

/// <summary>A classification loss at a probability.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="GradientLogit">Its derivative by the logit, which is what training sends back into the network.</param>
/// <param name="GradientProbability">Its derivative by the probability: the former over p·(1 − p).</param>
/// <param name="CrossEntropy">Cross entropy at the same point: the loss without its modulating factor.</param>
internal sealed record LossPoint(double Loss, double GradientLogit, double GradientProbability, double CrossEntropy)
{
    public static LossPoint Create(double p, double loss, double gradientLogit, double crossEntropy) =>
        new(loss, gradientLogit, gradientLogit / (p * (1 - p)), crossEntropy);
}
