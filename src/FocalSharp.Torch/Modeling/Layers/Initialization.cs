using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Initial values of weights, drawn from a given generator, so that one seed gives one network.</summary>
internal static class Initialization
{
    /// <summary>Normal with σ = √(2 / fan-out): preserves the gradient's variance through ReLUs (He et al. 2015).</summary>
    public static void KaimingNormal(Tensor weight, Generator generator)
    {
        long[] shape = weight.shape;
        Normal(weight, Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])), generator);
    }

    /// <summary>Uniform within ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010).</summary>
    public static void XavierUniform(Tensor weight, Generator generator)
    {
        long[] shape = weight.shape;
        Uniform(weight, Math.Sqrt(6.0 / ((shape[0] + shape[1]) * shape[2] * shape[3])), generator);
    }

    /// <summary>Uniform within ±bound.</summary>
    public static void Uniform(Tensor weight, double bound, Generator generator)
    {
        using IDisposable frozen = no_grad();
        weight.uniform_(-bound, bound, generator);
    }

    /// <summary>Normal with mean 0.</summary>
    public static void Normal(Tensor weight, double deviation, Generator generator)
    {
        using IDisposable frozen = no_grad();
        weight.normal_(0, deviation, generator);
    }

    /// <summary>The same value everywhere.</summary>
    public static void Constant(Tensor weight, double value)
    {
        using IDisposable frozen = no_grad();

        // Held until the call is over: TorchSharp lets a passing number be collected under libtorch's hands (FinalizerPause).
        using Scalar number = value.ToScalar();
        weight.fill_(number);
    }
}
