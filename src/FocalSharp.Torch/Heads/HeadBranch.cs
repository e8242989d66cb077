using FocalSharp.Torch.Layers;
using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Heads;

/// <summary>What turns one level's feature into scores and sides; all levels share one, or each has its own.</summary>
/// <param name="ClassTower">Storeys below the class scores.</param>
/// <param name="SideTower">Storeys below the sides; the same as <paramref name="ClassTower"/> where both share one.</param>
/// <param name="Classes">The last convolution to class logits.</param>
/// <param name="Sides">The last convolution to the sides' logits.</param>
public sealed record HeadBranch(
    IReadOnlyList<nn.Module<Tensor, Tensor>> ClassTower,
    IReadOnlyList<nn.Module<Tensor, Tensor>> SideTower,
    ConvLayer Classes,
    ConvLayer Sides)
{
    /// <summary>Whether classes and sides climb one tower.</summary>
    public bool OneTower => ReferenceEquals(ClassTower, SideTower);

    /// <summary>A level's feature <c>[B, channels, H, W]</c> to class logits and side logits, float32.</summary>
    internal (Tensor Classes, Tensor Sides) Run(Tensor feature)
    {
        Tensor top = Climb(ClassTower, feature);
        Tensor classes = Classes.call(top).to(ScalarType.Float32);
        Tensor sides = Sides.call(OneTower ? top : Climb(SideTower, feature)).to(ScalarType.Float32);
        return (classes, sides);
    }

    /// <summary>Writes the branch for one level.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="feature">The level's feature.</param>
    /// <param name="classes">Channels of the scores that are written; the last convolution may have more.</param>
    internal LevelMaps Emit(OnnxGraph graph, OnnxValue feature, int classes)
    {
        OnnxValue top = graph.Chain(ClassTower, feature);
        OnnxValue scores = graph.Conv(Classes, top, outputs: classes);
        OnnxValue sides = graph.Conv(Sides, OneTower ? top : graph.Chain(SideTower, feature));
        return new LevelMaps(graph.ToFloat(scores), graph.ToFloat(sides));
    }

    private static Tensor Climb(IReadOnlyList<nn.Module<Tensor, Tensor>> tower, Tensor feature)
    {
        Tensor x = feature;
        foreach (nn.Module<Tensor, Tensor> storey in tower)
        {
            Tensor next = storey.call(x);
            if (!ReferenceEquals(x, feature))
            {
                x.Dispose();
            }

            x = next;
        }

        return x;
    }
}
