using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>Parameters that share a learning-rate factor and a weight decay.</summary>
/// <param name="Parameters">Names and tensors, in the model's order.</param>
/// <param name="RateFactor">Factor on the scheduled learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
public sealed record ParameterGroup(
    IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Tensor)> Parameters, double RateFactor, double WeightDecay)
{
    /// <summary>Sorts a model's trainable parameters into groups, as the recipe says.</summary>
    public static IReadOnlyList<ParameterGroup> Of(nn.Module model, OptimizerOptions options)
    {
        var groups = model.named_parameters()
            .Where(entry => entry.parameter.requires_grad)
            .GroupBy(entry => (
                Backbone: entry.name.StartsWith("backbone.", StringComparison.Ordinal),
                Decays: options.DecayNorms || entry.parameter.dim() > 1));
        return
        [
            .. groups.Select(group => new ParameterGroup(
                [.. group.Select(entry => (entry.name, entry.parameter))],
                group.Key.Backbone ? options.BackboneFactor : 1,
                group.Key.Decays ? options.WeightDecay : 0)),
        ];
    }
}
