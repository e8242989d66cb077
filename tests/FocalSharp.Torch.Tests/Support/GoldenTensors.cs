using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests;

/// <summary>Golden values as tensors, and comparisons of tensors with them.</summary>
internal static class GoldenTensors
{
    /// <summary>A case's tensor in the wanted precision.</summary>
    public static Tensor Tensor(this GoldenCase golden, string name, ScalarType type = ScalarType.Float32) =>
        tensor(golden.Doubles(name), float64).reshape(golden.Shape(name)).to(type);

    /// <summary>The same as a leaf that collects a gradient.</summary>
    public static Tensor Leaf(this GoldenCase golden, string name, ScalarType type = ScalarType.Float32) =>
        golden.Tensor(name, type).requires_grad_();

    /// <summary>Compares a tensor to an expected one, relative with the floor below which it is absolute.</summary>
    public static void Compare(this GoldenCase golden, string group, string name, Tensor? actual, double tolerance, double floor)
    {
        Assert.NotNull(actual);
        double[] expected = golden.Doubles(name);
        double[] values = actual.detach().cpu().to(float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double deviation = GoldenReport.Relative(values[i], expected[i], floor);
            worst = double.IsNaN(deviation) ? double.PositiveInfinity : Math.Max(worst, deviation);
        }

        GoldenReport.Record(group, $"{golden.Id}.{name}", worst, tolerance);
    }
}
