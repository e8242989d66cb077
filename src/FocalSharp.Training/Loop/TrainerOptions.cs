using FocalSharp.Torch.Native;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Loop;

/// <summary>Options of a training beside its recipe and data.</summary>
public sealed record TrainerOptions
{
    /// <summary>Gets the seed of the initial weights, the order of images and the augmentation. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Gets the precision of the convolutions. Default: chosen by the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Gets the device as TorchSharp names it: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>. Default: <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets the number of threads that prepare batches. It does not change the result. Default: 1.</summary>
    public int LoaderWorkers { get; init; } = 1;

    /// <summary>Gets the number of libtorch's threads; 0 for libtorch's default, one per physical core. Default: 0.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Gets whether the number of libtorch's threads follows the processor time that other processes leave. The same seed gives the same
    /// weights for the same number of threads; if it changes during a run, they differ in the last bits. Default: false.
    /// </summary>
    public bool AdaptThreads { get; init; }

    /// <summary>
    /// Gets how long a rank may keep the others waiting, if several train together, before the run ends with a message that names it. Default: 10 minutes.
    /// </summary>
    public TimeSpan RankTimeout { get; init; } = Collective.DefaultTimeout;
}
