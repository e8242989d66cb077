using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// Turns a distance d into logits over bins k, so that losses, decoding and export handle one form only:
/// <c>log(max(0, 1 − |d − k|) + ε)</c>. Their softmax covers the two bins next to d and has the expectation d, whose derivative
/// by d is 1.
/// </summary>
internal static class DiracDistribution
{
    private const float Epsilon = 1e-6f;

    // Far beyond any distance; an overflow would give a gradient of 0 · ∞ = NaN.
    private const double MaxExponent = 20;

    /// <summary>
    /// Computes logits <c>[B, 4·(n+1), H, W]</c> from one number x per side, <c>[B, 4, H, W]</c>: d is half the anchor's side
    /// times eˣ, at most n strides.
    /// </summary>
    public static Tensor ToLogits(Tensor sides, GflHeadOptions options)
    {
        Tensor distance = sides.clamp_max(MaxExponent).exp().mul(HalfAnchorSize(options)).clamp(0, options.RegMax).unsqueeze(2);
        Tensor bins = arange(options.RegMax + 1, sides.dtype, sides.device).view(1, 1, -1, 1, 1);
        return (1 - (distance - bins).abs()).relu().add(Epsilon).log().flatten(1, 2);
    }

    /// <summary>Emits the same computation.</summary>
    public static OnnxValue Emit(OnnxGraph graph, OnnxValue sides, GflHeadOptions options)
    {
        int bins = options.RegMax + 1;
        OnnxValue distance = graph.Mul(graph.Node("Exp", [sides]), graph.Constant((float)HalfAnchorSize(options)));
        distance = graph.Min(distance, graph.Constant((float)options.RegMax));
        OnnxValue numbers = graph.Constant([.. Enumerable.Range(0, bins).Select(k => (float)k)], 1, 1, bins, 1, 1);
        OnnxValue apart = graph.Node("Abs", [graph.Sub(graph.Unsqueeze(distance, 2), numbers)]);
        OnnxValue share = graph.Relu(graph.Sub(graph.Constant(1f), apart));
        OnnxValue logits = graph.Log(graph.Add(share, graph.Constant(Epsilon)));
        OnnxValue size = graph.Sizes(sides, 2, 4);
        return graph.ReshapeTo(logits, graph.Concat(0, graph.Integers(-1, 4 * bins), size));
    }

    private static double HalfAnchorSize(GflHeadOptions options) => options.AnchorScale / 2.0;
}
