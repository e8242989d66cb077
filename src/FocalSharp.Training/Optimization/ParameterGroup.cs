using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>Parameters that share a learning-rate factor and a weight decay.</summary>
/// <param name="Parameters">Names and tensors, in the model's order.</param>
/// <param name="LearningRateFactor">Factor on the scheduled learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
internal sealed record ParameterGroup(
    IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Tensor)> Parameters, double LearningRateFactor, double WeightDecay)
{
    /// <summary>Groups a model's trainable parameters.</summary>
    public static IReadOnlyList<ParameterGroup> Create(nn.Module model, OptimizerOptions options)
    {
        var groups = model.named_parameters()
            .Where(entry => entry.parameter.requires_grad)
            .GroupBy(entry => (
                Factor: GetLearningRateFactor(LayerDecay.GetLayerDepth(entry.name), options),
                Decays: options.DecayNorms || entry.parameter.dim() > 1));
        return
        [
            .. groups.Select(group => new ParameterGroup(
                [.. group.Select(entry => (entry.name, entry.parameter))],
                group.Key.Factor,
                group.Key.Decays ? options.WeightDecay : 0)),
        ];
    }

    private static double GetLearningRateFactor(int depth, OptimizerOptions options) =>
        depth == 0 ? 1 : options.BackboneFactor * Math.Pow(options.LayerDecay, depth);
}
