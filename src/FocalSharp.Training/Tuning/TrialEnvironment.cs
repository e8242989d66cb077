using FocalSharp.Imaging.Codecs;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning;

/// <summary>How trials are run.</summary>
/// <param name="Options">Seed, precision, device and loader threads.</param>
/// <param name="Threads">The number of libtorch's threads.</param>
/// <param name="BadImages">What happens to unreadable images: a trial trains on others, and detects nothing in them.</param>
/// <param name="Events">Receives progress and warnings.</param>
/// <param name="Weights">The file of the pretrained weights; null to train from scratch.</param>
internal sealed record TrialEnvironment(TrainerOptions Options, AdaptiveThreads Threads, BadImages BadImages, TrainingEvents Events, string? Weights)
{
    /// <summary>Returns how held-out images are decoded.</summary>
    public ImageDecodeOptions GetDecodeOptions(Recipe recipe) => recipe.DecodeOptions with { OnUnreadable = BadImages.Skip };
}
