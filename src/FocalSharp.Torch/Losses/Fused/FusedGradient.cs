using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>Returns gradients that the forward pass has computed, and leaves no tensor to the finalizer.</summary>
internal static class FusedGradient
{
    // libtorch reads a returned tensor's handle after the backward function has returned, and before it calls another one on the thread.
    [ThreadStatic]
    private static List<Tensor>? s_returned;

    /// <summary>Multiplies a gradient by the upstream gradient, which is 1 for a loss that is backpropagated directly.</summary>
    public static Tensor Scale(Tensor gradient, Tensor upstream)
    {
        float factor = upstream.item<float>();
        return factor == 1 ? gradient.alias() : gradient * factor;
    }

    /// <summary>Computes the gradients of a backward function from the saved and the upstream gradients, which are disposed.</summary>
    /// <param name="ctx">The context.</param>
    /// <param name="upstream">The upstream gradients.</param>
    /// <param name="compute">Returns the gradients; it must not return one of its arguments.</param>
    public static List<Tensor> Compute(
        autograd.AutogradContext ctx, IReadOnlyList<Tensor> upstream, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, IEnumerable<Tensor>> compute)
    {
        List<Tensor> returned = s_returned ??= [];
        returned.ForEach(tensor => tensor.Dispose());
        returned.Clear();
        List<Tensor> saved = ctx.get_saved_variables();
        List<Tensor> gradients = [.. compute(saved, upstream)];
        foreach (Tensor used in saved.Concat(upstream))
        {
            used.Dispose();
        }

        returned.AddRange(gradients);
        return gradients;
    }
}
