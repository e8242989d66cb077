using FocalSharp.Torch.Onnx.Graph;
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
    public static Tensor[] Run(DisposeScope scope, Tensor x, IReadOnlyList<IReadOnlyList<nn.Module<Tensor, Tensor>>> stages, int featureCount) =>
        Run(scope, x, stages, GetLast(stages.Count, featureCount));

    /// <summary>Returns the outputs of certain stages, moved out of the current scope, finest first.</summary>
    /// <param name="scope">The caller's scope, in which the stem was run.</param>
    /// <param name="x">The stem's output.</param>
    /// <param name="stages">The blocks of each stage.</param>
    /// <param name="featureStages">The stages whose outputs are returned, ascending.</param>
    public static Tensor[] Run(DisposeScope scope, Tensor x, IReadOnlyList<IReadOnlyList<nn.Module<Tensor, Tensor>>> stages, IReadOnlyList<int> featureStages)
    {
        List<Tensor> features = new(featureStages.Count);
        for (int stage = 0; stage < stages.Count; stage++)
        {
            foreach (nn.Module<Tensor, Tensor> block in stages[stage])
            {
                x = block.call(x);
            }

            if (featureStages.Contains(stage))
            {
                features.Add(scope.MoveToOuter(x));
            }
        }

        return [.. features];
    }

    /// <summary>Emits the stages and returns the outputs of the last ones, finest first.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The stem's output.</param>
    /// <param name="stages">The blocks of each stage.</param>
    /// <param name="featureCount">The number of stages whose outputs are returned.</param>
    public static OnnxValue[] Emit(OnnxGraph graph, OnnxValue x, IReadOnlyList<IReadOnlyList<nn.Module>> stages, int featureCount) =>
        Emit(graph, x, stages, GetLast(stages.Count, featureCount));

    /// <summary>Emits the stages and returns the outputs of certain ones, finest first.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The stem's output.</param>
    /// <param name="stages">The blocks of each stage.</param>
    /// <param name="featureStages">The stages whose outputs are returned, ascending.</param>
    public static OnnxValue[] Emit(OnnxGraph graph, OnnxValue x, IReadOnlyList<IReadOnlyList<nn.Module>> stages, IReadOnlyList<int> featureStages)
    {
        OnnxValue[] outputs = new OnnxValue[stages.Count];
        for (int stage = 0; stage < stages.Count; stage++)
        {
            outputs[stage] = x = graph.EmitChain(stages[stage], x);
        }

        return [.. featureStages.Select(stage => outputs[stage])];
    }

    private static int[] GetLast(int stages, int count) => [.. Enumerable.Range(stages - count, count)];
}
