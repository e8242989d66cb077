using FocalSharp.Torch.Native;

[assembly: AssemblyFixture(typeof(FocalSharp.Training.Tests.OneThread))]

namespace FocalSharp.Training.Tests;

/// <summary>
/// Lets each training use one thread unless its options name a number: tests run beside each other, and threads that share a core wait for each other at every
/// barrier, which makes a training several times as slow.
/// </summary>
public sealed class OneThread
{
    public OneThread()
    {
        LibTorch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
    }
}
