using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>Settings of a light CSP backbone. The defaults are NanoDet-g's as published, batch norm folded into the weights.</summary>
public sealed record CspOptions
{
    /// <summary>Blocks in each of the four stages (NanoDet-g: 1, 2, 2, 3).</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [1, 2, 2, 3];

    /// <summary>Normalisation after each convolution; none where batch norm was folded into published weights.</summary>
    public NormKind Norm { get; init; } = NormKind.None;

    /// <summary>Slope of the activations below 0 (NanoDet-g: 0.1).</summary>
    public double NegativeSlope { get; init; } = 0.1;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate(int baseChannels)
    {
        if (Blocks.Count != 4 || Blocks.Any(count => count is < 1 or > 32))
        {
            throw new FocalSharpException($"csp blocks are {string.Join(", ", Blocks)}; there must be four numbers of 1 to 32; NanoDet-g: 1, 2, 2, 3");
        }

        if (NegativeSlope is not (>= 0 and < 1))
        {
            throw new FocalSharpException($"csp negative slope {NegativeSlope} must lie within 0 (ReLU) to below 1; NanoDet-g: 0.1");
        }

        if (Norm == NormKind.Group)
        {
            throw new FocalSharpException("csp norm must be none or batch");
        }

        if (baseChannels % 2 != 0)
        {
            throw new FocalSharpException($"backbone base channels {baseChannels} must be even: a CSP block halves them; NanoDet-g: 32");
        }
    }
}
