using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors.Distillation;

/// <summary>A teacher's outputs for a batch, by location: all levels, finest first, row by row. It owns its tensors: dispose it.</summary>
/// <param name="logits">Class logits <c>[B, points, C]</c>.</param>
/// <param name="sides">Logits of the sides' distributions <c>[B, points, 4·(n+1)]</c>.</param>
/// <param name="features">The neck's maps per level, or null.</param>
internal sealed class TeacherOutput(Tensor logits, Tensor sides, IReadOnlyList<Tensor>? features = null) : IDisposable
{
    // Probabilities of float32 that are 0 or 1 have logits near ±16.
    private const double ProbabilityMargin = 1e-7;

    /// <summary>Gets the class logits <c>[B, points, C]</c>.</summary>
    public Tensor Logits { get; } = logits;

    /// <summary>Gets the logits of the sides' distributions <c>[B, points, 4·(n+1)]</c>.</summary>
    public Tensor Sides { get; } = sides;

    /// <summary>Gets the neck's maps per level, or null.</summary>
    public IReadOnlyList<Tensor>? Features { get; } = features;

    /// <summary>Lays the maps of a head out by location, without gradient.</summary>
    /// <param name="output">The output of the head.</param>
    /// <param name="classes">Number of classes; further score channels are left out.</param>
    public static TeacherOutput From(HeadOutput output, int classes)
    {
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor scores = ByLocation(output.Scores).narrow(2, 0, classes);
        scores = output.ScoresAreProbabilities ? ToLogits(scores) : scores.contiguous();
        return new TeacherOutput(
            scores.DetachFromDisposeScope(),
            ByLocation(output.BoxDistributionLogits).DetachFromDisposeScope(),
            output.Features is null ? null : [.. output.Features.Select(map => map.to(float32).detach().DetachFromDisposeScope())]);
    }

    /// <summary>Returns the logits of probabilities.</summary>
    public static Tensor ToLogits(Tensor probabilities) => probabilities.clamp(ProbabilityMargin, 1 - ProbabilityMargin).logit();

    /// <summary>Concatenates the maps <c>[B, channels, H, W]</c> of all levels to <c>[B, points, channels]</c>.</summary>
    public static Tensor ByLocation(IReadOnlyList<Tensor> maps) => cat([.. maps.Select(map => map.to(float32).flatten(2).transpose(1, 2))], 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        Sides.Dispose();
        foreach (Tensor map in Features ?? [])
        {
            map.Dispose();
        }
    }
}
