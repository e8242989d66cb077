using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Finds the batch that memory holds. The recipe's own batch is the goal, since its learning rate was tuned for it; where that does
/// not fit, a part of it goes through the network at once and gradients are accumulated over the parts.
/// </summary>
internal static class BatchSizeFinder
{
    /// <summary>Part of the free memory that a training may fill.</summary>
    public const double MemoryFraction = 0.7;

    private const int ExtraImages = 2;

    /// <summary>Splits a step's images into batches that fit.</summary>
    /// <param name="requested">Images a step.</param>
    /// <param name="bytesPerImage">Memory that an image needs in training.</param>
    /// <param name="freeBytes">Free memory.</param>
    /// <returns>Images at once, and batches a step; their product is the wished number, or a little above where it cannot be cut evenly.</returns>
    public static (int BatchSize, int Accumulate) Split(int requested, double bytesPerImage, double freeBytes)
    {
        int fits = (int)Math.Clamp(MemoryFraction * freeBytes / Math.Max(bytesPerImage, 1), 1, requested);
        int parts = (requested + fits - 1) / fits;
        return ((requested + parts - 1) / parts, parts);
    }

    /// <summary>The recipe with a batch that fits this machine's memory, found by three steps of a model that is thrown away.</summary>
    /// <param name="recipe">The recipe with the wished batch.</param>
    /// <param name="loaderOf">Makes a loader for a recipe.</param>
    /// <param name="options">Seed, precision, device.</param>
    /// <param name="monitor">Told what was found.</param>
    public static Recipe FindBatchSize(Recipe recipe, Func<Recipe, SampleLoader> loaderOf, TrainerOptions options, ITrainingMonitor monitor)
    {
        long free = GetFreeBytes();

        // A first step also pays for what is made once.
        _ = MeasurePeakMemory(recipe with { BatchSize = 1, Accumulate = 1 }, loaderOf, options);
        long one = MeasurePeakMemory(recipe with { BatchSize = 1, Accumulate = 1 }, loaderOf, options);
        long more = MeasurePeakMemory(recipe with { BatchSize = 1 + ExtraImages, Accumulate = 1 }, loaderOf, options);
        double perImage = Math.Max(0, more - one) / (double)ExtraImages;
        (int batch, int accumulate) = Split(recipe.ImagesPerStep, perImage, free);
        monitor.Info(
            $"Batch: {batch} images at once{(accumulate > 1 ? $", {accumulate} batches a step" : "")}; an image takes about {perImage / 1e6:N0} MB in training, "
            + $"and {free / 1e6:N0} MB are free");
        return recipe with { BatchSize = batch, Accumulate = accumulate };
    }

    /// <summary>Takes one step and tells the most memory that the process had meanwhile.</summary>
    private static long MeasurePeakMemory(Recipe recipe, Func<Recipe, SampleLoader> loaderOf, TrainerOptions options)
    {
        TrainingBatch batch = loaderOf(recipe).LoadEpoch(0).First();
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using GflDetector model = new(recipe.Model, (ulong)options.Seed) { Precision = options.Precision };
        Device target = device(options.Device);
        model.to(target);
        LayerFreezer.Freeze(model, recipe.Freeze);
        NativeHeap.ReleaseFreeMemory(); // what was used before and freed would hide what a step takes
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
