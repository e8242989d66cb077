using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// A loss of paired boxes. Implement it to train with a box loss of your own; <see cref="GiouLoss"/>, <see cref="DiouLoss"/>,
/// <see cref="CiouLoss"/> and <see cref="IouLoss"/> are the built-in ones.
/// </summary>
public interface IBoxLoss
{
    /// <summary>Computes the loss of each pair, with gradient by the prediction.</summary>
    /// <param name="prediction">Decoded boxes <c>xyxy</c> in strides, <c>[N, 4]</c>; N may be 0.</param>
    /// <param name="target">Boxes of their objects <c>xyxy</c> in strides, <c>[N, 4]</c>.</param>
    /// <returns>The loss of each pair, <c>[N]</c>; the caller weights, sums and scales it.</returns>
    Tensor Compute(Tensor prediction, Tensor target);
}
