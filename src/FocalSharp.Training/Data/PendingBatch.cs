using System.Runtime.ExceptionServices;
using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Training.Data;

/// <summary>
/// A batch that a loader thread prepares ahead. The thread that needs it takes over what is left: loader threads have a low priority and may get no
/// processor time on a busy machine, and a sample is a pure function of its place, so that it does not matter which thread prepares it, or whether two do.
/// </summary>
/// <param name="count">Samples of the batch.</param>
/// <param name="prepare">Prepares a sample; returns it with the images it was made of.</param>
/// <param name="collate">Makes a batch of the samples and their images.</param>
internal sealed class PendingBatch(
    int count, Func<int, (TrainingSample Sample, int[] Sources)> prepare, Func<TrainingSample[], int[][], TrainingBatch> collate)
{
    private readonly Entry?[] _entries = new Entry?[count];
    private int _started;
    private TrainingBatch? _batch;

    /// <summary>Prepares the samples that are not started, on a loader thread. Exceptions are thrown by <see cref="Take"/>.</summary>
    public void Prepare()
    {
        PrepareUnstarted();
        if (Array.TrueForAll(_entries, entry => entry is { Error: null }))
        {
            Volatile.Write(ref _batch, Collate());
        }
    }

    /// <summary>Returns the batch, after preparing what is not finished.</summary>
    /// <exception cref="FocalSharpException">A sample cannot be prepared.</exception>
    public TrainingBatch Take()
    {
        if (Volatile.Read(ref _batch) is { } ready)
        {
            return ready;
        }

        PrepareUnstarted();
        for (int i = 0; i < count; i++)
        {
            if (Volatile.Read(ref _entries[i]) is null)
            {
                PrepareSample(i);
            }
        }

        Array.Find(_entries, entry => entry!.Error is not null)?.Error!.Throw();
        return Volatile.Read(ref _batch) ?? Collate();
    }

    private void PrepareUnstarted()
    {
        for (int i = Interlocked.Increment(ref _started) - 1; i < count; i = Interlocked.Increment(ref _started) - 1)
        {
            PrepareSample(i);
        }
    }

    private void PrepareSample(int index)
    {
        try
        {
            (TrainingSample sample, int[] sources) = prepare(index);
            Volatile.Write(ref _entries[index], new Entry(sample, sources, null));
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _entries[index], new Entry(null, [], ExceptionDispatchInfo.Capture(exception)));
        }
    }

    private TrainingBatch Collate() => collate([.. _entries.Select(entry => entry!.Sample!)], [.. _entries.Select(entry => entry!.Sources)]);

    private sealed record Entry(TrainingSample? Sample, int[] Sources, ExceptionDispatchInfo? Error);
}
