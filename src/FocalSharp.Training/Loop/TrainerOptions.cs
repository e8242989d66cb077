using FocalSharp.Torch.Native;

namespace FocalSharp.Training.Loop;

/// <summary>What a training needs beside recipe and data.</summary>
public sealed record TrainerOptions
{
    /// <summary>Decides weights, order and augmentation: one seed gives one result on one machine.</summary>
    public int Seed { get; init; }

    /// <summary>Arithmetic of the convolutions.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Device as TorchSharp names it: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads that prepare batches beside the network.</summary>
    public int LoaderWorkers { get; init; } = 1;
}
