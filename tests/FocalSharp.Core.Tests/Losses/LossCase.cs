using System.Numerics;
using System.Text.Json;

namespace FocalSharp.Core.Tests.Losses;

/// <summary>One case of a golden loss file.</summary>
internal sealed record LossCase(string Id, string Fn, JsonElement Args, Safetensors Tensors)
{
    /// <summary>What mmdetection adds to the averaging factor: float32's machine epsilon.</summary>
    private const double AverageEpsilon = 1.1920929e-07;

    public static IEnumerable<LossCase> Read(string name) =>
        GoldenFile.Require("losses", name).Cases.Select(golden => new LossCase(golden.Id, golden.Function, golden.Arguments, golden.Tensors));

    public bool Has(string tensor) => Tensors.Has($"{Id}.{tensor}");

    public long[] Shape(string tensor) => Tensors.Shape($"{Id}.{tensor}");

    public long[] Longs(string tensor) => Tensors.Longs($"{Id}.{tensor}");

    public T[] Values<T>(string tensor)
        where T : struct, INumber<T> => [.. Tensors.Doubles($"{Id}.{tensor}").Select(T.CreateChecked)];

    public double Number(string arg) => Args.GetProperty(arg).GetDouble();

    public T Number<T>(string arg)
        where T : struct, INumber<T> => T.CreateChecked(Number(arg));

    /// <summary>
    /// Weights, reduces and scales element losses like the official wrapper, and compares loss and gradients. Gradients come in
    /// blocks: each element's loss has <paramref name="block"/> of them.
    /// </summary>
    public void Compare<T>(string group, T[] losses, int block, bool firstRelease, params (string Name, T[] Gradients)[] gradients)
        where T : struct, INumber<T>
    {
        double[] factors = Factors(losses.Length, firstRelease);
        double[] weighted = [.. losses.Select((loss, i) => double.CreateChecked(loss) * factors[i])];
        bool none = Args.GetProperty("reduction").GetString() == "none";
        double[] reduced = none ? weighted : [weighted.Sum()];
        double[] cotangent = none ? Values<double>("cotangent") : [];
        double worst = Deviation<T>("loss", reduced);
        foreach ((string name, T[] values) in gradients)
        {
            double[] scaled = [.. values.Select((value, i) =>
                double.CreateChecked(value) * factors[i / block] * (none ? cotangent[i / block] : 1))];
            worst = Math.Max(worst, Deviation<T>(name, scaled));
        }

        bool single = typeof(T) == typeof(float);
        GoldenReport.Record(single ? $"core/{group}" : $"core/{group}-f64", Id, worst, single ? 2e-6 : 1e-12);
    }

    private double[] Factors(int count, bool firstRelease)
    {
        double[] factors = new double[count];
        Array.Fill(factors, Number("loss_weight"));
        if (Has("weight"))
        {
            double[] weight = Values<double>("weight");
            for (int i = 0; i < count; i++)
            {
                // A weight an element, a weight a row of elements, or four weights an element (boxes), averaged.
                factors[i] *= weight.Length <= count
                    ? weight[i / (count / weight.Length)]
                    : weight.AsSpan(i * (weight.Length / count), weight.Length / count).ToArray().Average();
            }
        }

        double? average = Args.GetProperty("avg_factor") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        double divisor = Args.GetProperty("reduction").GetString() switch
        {
            "mean" => average is double given ? given + (firstRelease ? 0 : AverageEpsilon) : count,
            "sum" or "none" => 1,
            string other => throw new InvalidDataException($"{Id} has an unknown reduction {other}."),
            null => throw new InvalidDataException($"{Id} has no reduction."),
        };
        return [.. factors.Select(factor => factor / divisor)];
    }

    private double Deviation<T>(string name, double[] actual)
    {
        double[] expected = Values<double>(typeof(T) == typeof(float) ? name : name + "_f64");
        double[] exact = Values<double>(name + "_f64");
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            // Where the official float32 is NaN ours must be the float64's number; where that is NaN, too, any finite one.
            double target = double.IsNaN(expected[i]) ? exact[i] : expected[i];
            double deviation = double.IsNaN(target) && double.IsFinite(actual[i])
                ? 0
                : Math.Abs(actual[i] - target) / Math.Max(1, Math.Abs(target));
            worst = double.IsNaN(deviation) ? double.PositiveInfinity : Math.Max(worst, deviation);
        }

        return worst;
    }
}
