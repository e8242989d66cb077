using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>What turns one level's feature into scores and sides; all levels share one, or each has its own.</summary>
/// <param name="ClassTower">Storeys below the class scores.</param>
/// <param name="BoxTower">Storeys below the sides; the same as <paramref name="ClassTower"/> where both share one.</param>
/// <param name="ClassConv">The last convolution to class logits.</param>
/// <param name="BoxConv">The last convolution to the sides' logits.</param>
public sealed record HeadBranch(
    IReadOnlyList<nn.Module<Tensor, Tensor>> ClassTower,
    IReadOnlyList<nn.Module<Tensor, Tensor>> BoxTower,
    ConvLayer ClassConv,
    ConvLayer BoxConv)
{
    /// <summary>Whether classes and sides climb one tower.</summary>
    public bool SharesTower => ReferenceEquals(ClassTower, BoxTower);

    /// <summary>A level's feature <c>[B, channels, H, W]</c> to class logits and side logits, float32.</summary>
    internal (Tensor Classes, Tensor Sides) Forward(Tensor feature)
    {
        Tensor top = RunTower(ClassTower, feature);
        Tensor classes = ClassConv.call(top).to(ScalarType.Float32);
        Tensor sides = BoxConv.call(SharesTower ? top : RunTower(BoxTower, feature)).to(ScalarType.Float32);
        return (classes, sides);
    }

    /// <summary>Writes the branch for one level.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="feature">The level's feature.</param>
    /// <param name="classes">Channels of the scores that are written; the last convolution may have more.</param>
    internal LevelMaps Emit(OnnxGraph graph, OnnxValue feature, int classes)
    {
        OnnxValue top = graph.Chain(ClassTower, feature);
        OnnxValue scores = graph.Conv(ClassConv, top, outputs: classes);
        OnnxValue sides = graph.Conv(BoxConv, SharesTower ? top : graph.Chain(BoxTower, feature));
        return new LevelMaps(graph.ToFloat(scores), graph.ToFloat(sides));
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
