using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>Runs the stages of a backbone, each a list of blocks, after its stem.</summary>
internal static class BlockStages
{
    /// <summary>Returns the outputs of the last stages, moved out of the current scope, finest first.</summary>
    /// <param name="scope">The caller's scope, in which the stem was run.</param>
    /// <param name="x">The stem's output.</param>
    /// <param name="stages">The blocks of each stage.</param>
    /// <param name="featureCount">The number of stages whose outputs are returned.</param>
    public static Tensor[] Run(DisposeScope scope, Tensor x, IReadOnlyList<IReadOnlyList<nn.Module<Tensor, Tensor>>> stages, int featureCount)
    {
        Tensor[] features = new Tensor[featureCount];
        for (int stage = 0; stage < stages.Count; stage++)
        {
            foreach (nn.Module<Tensor, Tensor> block in stages[stage])
            {
                x = block.call(x);
            }

            if (stage - stages.Count + featureCount is >= 0 and var feature)
            {
                features[feature] = scope.MoveToOuter(x);
            }
        }

        return features;
    }
}
