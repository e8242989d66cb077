using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>Carries a gradient that the forward pass computed over to the backward pass.</summary>
internal static class FusedGradient
{
    /// <summary>The gradient of a scalar by its input, times what comes from above, which is 1 for a loss that is backpropagated itself.</summary>
    public static Tensor Scale(Tensor gradient, Tensor upstream)
    {
        float factor = upstream.item<float>();
        return factor == 1 ? gradient.alias() : gradient * factor;
    }
}
