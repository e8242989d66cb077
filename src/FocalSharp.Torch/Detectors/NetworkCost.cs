using FocalSharp.Torch.Modeling.Layers;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>The size of a network.</summary>
/// <param name="Parameters">Number of parameters, without those of the assign guidance module.</param>
/// <param name="MultiplyAdds">
/// Multiply-adds of the convolutions for one image; published tables often count each as two operations, and call them FLOPs.
/// </param>
internal readonly record struct NetworkCost(long Parameters, long MultiplyAdds)
{
    /// <summary>Computes the size of a detector by running it once on an image of zeros.</summary>
    /// <param name="detector">The detector, on any device.</param>
    /// <param name="height">Height of the input in pixels, a multiple of 32.</param>
    /// <param name="width">Width of the input in pixels, a multiple of 32.</param>
    public static NetworkCost Compute(GflDetector detector, int height, int width)
    {
        long multiplyAdds = 0;
        List<Action> hooks = [];
        bool training = detector.training;
        try
        {
            foreach (ConvLayer layer in detector.modules().OfType<ConvLayer>())
            {
                long perOutput = layer.Weight.shape[1..].Aggregate(1L, (product, size) => product * size);
                hooks.Add(layer.register_forward_hook((_, _, output) =>
                {
                    multiplyAdds += output.numel() * perOutput;
                    return output;
                }).remove);
            }

            detector.eval();
            using IDisposable guard = no_grad();
            using IDisposable folded = detector.FoldNorms(); // branches that are one convolution in inference count as one
            using Tensor image = zeros(1, 3, height, width, device: detector.parameters().First().device);
            using Modeling.Heads.HeadOutput output = detector.call(image);
        }
        finally
        {
            hooks.ForEach(remove => remove());
            detector.train(training);
        }

        long parameters = detector.named_parameters()
            .Where(entry => !entry.name.StartsWith(GflDetector.GuidancePrefix, StringComparison.Ordinal)).Sum(entry => entry.parameter.numel());
        return new NetworkCost(parameters, multiplyAdds);
    }
}
