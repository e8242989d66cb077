using FocalSharp.IO;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Finds a batch size that fits into memory. The recipe's batch size is the goal, since its learning rate was tuned for it; if it does not
/// fit, the batch is split and gradients are accumulated over the parts.
/// </summary>
internal static class BatchSizeFinder
{
    /// <summary>The fraction of the free memory that a training may use.</summary>
    public const double MemoryFraction = 0.7;

    private const int ExtraImages = 2;

    /// <summary>Splits the images of a step into batches that fit.</summary>
    /// <param name="requested">Images per step.</param>
    /// <param name="bytesPerImage">Memory per image in training.</param>
    /// <param name="freeBytes">Free memory.</param>
    /// <returns>Images per batch and batches per step. Their product is the requested number, or slightly more if it cannot be split evenly.</returns>
    public static (int BatchSize, int Accumulate) Split(int requested, double bytesPerImage, double freeBytes)
    {
        int fits = (int)Math.Clamp(MemoryFraction * freeBytes / Math.Max(bytesPerImage, 1), 1, requested);
        int parts = (requested + fits - 1) / fits;
        return ((requested + parts - 1) / parts, parts);
    }

    /// <summary>Returns the recipe with a batch size that fits into memory, measured with three steps of a temporary model.</summary>
    /// <param name="recipe">The recipe with the requested batch size.</param>
    /// <param name="createLoader">Creates a loader for a recipe.</param>
    /// <param name="options">Seed, precision and device.</param>
    /// <param name="events">Receives the result.</param>
    /// <param name="ranks">The ranks that share each batch.</param>
    /// <param name="freeBytes">Free memory of the machine; null to measure it.</param>
    public static Recipe FindBatchSize(
        Recipe recipe, Func<Recipe, SampleLoader> createLoader, TrainerOptions options, TrainingEvents events, ICollective ranks, long? freeBytes = null)
    {
        // Ranks on one machine share its memory.
        int neighbors = ranks.GatherTexts(Environment.MachineName).Count(name => name == Environment.MachineName);
        long free = (freeBytes ?? GetFreeBytes()) / neighbors;
        ranks.Barrier();

        // The first step also allocates what is allocated once.
        Recipe largest = recipe with { Input = recipe.Input.WithLargestScale(), BatchSize = 1, Accumulate = 1 };
        _ = MeasurePeakMemory(largest, createLoader, options);
        long one = MeasurePeakMemory(largest, createLoader, options);
        long more = MeasurePeakMemory(largest with { BatchSize = 1 + ExtraImages }, createLoader, options);
        double perImage = Math.Max(0, more - one) / (double)ExtraImages;
        int requested = recipe.ImagesPerStep;
        int accumulate = (int)ranks.Max(Split((requested + ranks.Size - 1) / ranks.Size, perImage, free).Accumulate);
        int batch = (requested + accumulate - 1) / accumulate;
        events.Report(
            TrainingEvent.BatchSizeFound,
            $"Batch: {batch} images{(accumulate > 1 ? $", {accumulate} batches per step" : "")}; an image takes about {perImage / 1e6:N0} MB in training, "
            + $"and {free / 1e6:N0} MB are free",
            null,
            ("batch_size", batch),
            ("accumulate", accumulate),
            ("bytes_per_image", (long)perImage),
            ("free_bytes", free));
        return recipe with { BatchSize = batch, Accumulate = accumulate };
    }

    /// <summary>Takes one step and returns the peak memory of the process.</summary>
    private static long MeasurePeakMemory(Recipe recipe, Func<Recipe, SampleLoader> createLoader, TrainerOptions options)
    {
        TrainingBatch batch = createLoader(recipe).LoadEpoch(0).First();
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using GflDetector model = new(recipe.Model, (ulong)options.Seed) { Precision = options.Precision };
        Device target = device(options.Device);
        model.to(target);
        LayerFreezer.Freeze(model, recipe.Freeze);
        NativeHeap.ReleaseFreeMemory(); // memory that was freed before would hide what a step takes
        using PeakMemoryMonitor peak = PeakMemoryMonitor.Start();
        Tensor pixels = tensor(batch.Pixels, [batch.Count, 3, batch.Height, batch.Width], ScalarType.Byte, target);
        GflCriterion criterion = new(recipe.Model.Head, recipe.Model.Loss, recipe.Model.Classes.Count);
        using LossTerms losses = criterion.Compute(model.call(model.Preprocess(pixels, batch.Frames)), batch.Targets);
        losses.Total().backward();
        return peak.Stop();
    }

    private static long GetFreeBytes()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        return Math.Max(1L << 28, info.TotalAvailableMemoryBytes - Math.Max(info.MemoryLoadBytes, Environment.WorkingSet));
    }
}
