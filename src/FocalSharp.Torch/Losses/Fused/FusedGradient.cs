using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>Returns gradients that the forward pass has computed.</summary>
internal static class FusedGradient
{
    /// <summary>Multiplies a gradient by the upstream gradient, which is 1 for a loss that is backpropagated directly.</summary>
    public static Tensor Scale(Tensor gradient, Tensor upstream)
    {
        float factor = upstream.item<float>();
        return factor == 1 ? gradient.alias() : gradient * factor;
    }
}
