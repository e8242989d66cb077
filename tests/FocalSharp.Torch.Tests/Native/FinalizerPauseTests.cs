using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Tests.Native;

[Collection(nameof(FinalizerPauseTests))]
[CollectionDefinition(nameof(FinalizerPauseTests), DisableParallelization = true)]
public sealed class FinalizerPauseTests
{
    private static int _finalized;

    [Fact]
    public void Nothing_is_finalized_within_a_pause_and_everything_after_it()
    {
        int before = Volatile.Read(ref _finalized);
        using (FinalizerPause.Begin())
        {
            CreateGarbage();
            GC.Collect();
            Thread.Sleep(50);
            Assert.Equal(before, Volatile.Read(ref _finalized));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(Volatile.Read(ref _finalized) > before);
    }

    [Fact]
    public void The_last_of_several_pauses_ends_them()
    {
        int before = Volatile.Read(ref _finalized);
        FinalizerPause outer = FinalizerPause.Begin();
        FinalizerPause inner = FinalizerPause.Begin();
        CreateGarbage();
        inner.Dispose();
        inner.Dispose();
        GC.Collect();
        Thread.Sleep(50);
        Assert.Equal(before, Volatile.Read(ref _finalized));

        outer.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(Volatile.Read(ref _finalized) > before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CreateGarbage() => _ = new FinalizerProbe();

    private sealed class FinalizerProbe
    {
#pragma warning disable MA0055 // what the tests are about
        ~FinalizerProbe() => Interlocked.Increment(ref _finalized);
#pragma warning restore MA0055
    }
}
