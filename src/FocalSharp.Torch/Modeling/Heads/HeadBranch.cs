using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// The layers that turn one level's features into scores and sides, either shared by all levels or one level's own.
/// </summary>
/// <param name="ClassTower">Blocks below the class scores.</param>
/// <param name="BoxTower">Blocks below the sides; the same list as <paramref name="ClassTower"/> if the tower is shared.</param>
/// <param name="ClassConv">The last convolution, to class logits.</param>
/// <param name="BoxConv">The last convolution, to the sides' logits.</param>
/// <param name="Alignment">Attention before the last convolutions and a factor of the scores, or null.</param>
internal sealed record HeadBranch(
    IReadOnlyList<nn.Module<Tensor, Tensor>> ClassTower,
    IReadOnlyList<nn.Module<Tensor, Tensor>> BoxTower,
    ConvLayer ClassConv,
    ConvLayer BoxConv,
    TaskAlignment? Alignment = null)
{
    /// <summary>Gets whether class scores and sides share a tower.</summary>
    public bool SharesTower => ReferenceEquals(ClassTower, BoxTower);

    /// <summary>
    /// Computes class logits, or probabilities with <see cref="Alignment"/>, and side logits in float32 from a level's features
    /// <c>[B, channels, H, W]</c>.
    /// </summary>
    internal (Tensor Classes, Tensor Sides) Forward(Tensor feature)
    {
        Tensor top = RunTower(ClassTower, feature);
        Tensor attended = Alignment is null ? top : Alignment.Attend(top);
        Tensor classes = ClassConv.call(attended).to(ScalarType.Float32);
        Tensor sides = BoxConv.call(SharesTower ? attended : RunTower(BoxTower, feature)).to(ScalarType.Float32);
        return (Alignment is null ? classes : Alignment.Scale(classes, top), sides);
    }

    /// <summary>Emits the branch for one level.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="feature">The level's features.</param>
    /// <param name="classes">Number of score channels to emit, from the first on.</param>
    internal (OnnxValue Scores, OnnxValue Sides) Emit(OnnxGraph graph, OnnxValue feature, int classes)
    {
        OnnxValue top = graph.EmitChain(ClassTower, feature);
        OnnxValue attended = Alignment is null ? top : Alignment.EmitAttention(graph, top);
        OnnxValue scores = ClassConv.Emit(graph, attended, outputs: classes);
        OnnxValue sides = BoxConv.Emit(graph, SharesTower ? attended : graph.EmitChain(BoxTower, feature));
        scores = graph.ToFloat32(scores);
        return (Alignment is null ? scores : Alignment.EmitScale(graph, scores, top), graph.ToFloat32(sides));
    }

    private static Tensor RunTower(IReadOnlyList<nn.Module<Tensor, Tensor>> tower, Tensor feature)
    {
        Tensor x = feature;
        foreach (nn.Module<Tensor, Tensor> block in tower)
        {
            Tensor next = block.call(x);
            if (!ReferenceEquals(x, feature))
            {
                x.Dispose();
            }

            x = next;
        }

        return x;
    }
}
