using FocalSharp.Assignment;
using FocalSharp.Boxes;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Computes a batch again and splits its loss by component and level, then by image, then by box. Slow; meant for the rare bad step.
/// Running statistics and gradients of the model change; the caller restores them.
/// </summary>
internal static class BadStepDiagnosis
{
    private const int MaxImages = 3;
    private const int MaxBoxes = 256;

    /// <summary>Diagnoses a batch with the current weights, in training mode.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="batch">The batch.</param>
    public static BadStepReport Diagnose(GflDetector model, TrainingBatch batch)
    {
        if (FindInvalidTargets(batch, model.Options.Classes.Count) is { Count: > 0 } badTargets)
        {
            return new BadStepReport { LossesByLevel = new Dictionary<LossComponent, double[]>(), Strides = model.Options.Head.Strides, Findings = [], InvalidTargets = badTargets };
        }

        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        GflCriterion criterion = new(model.Options.Head, model.Options.Loss, model.Options.Classes.Count);
        Device device = model.parameters().First().device;
        Tensor pixels = tensor(batch.Pixels, [batch.Count, 3, batch.Height, batch.Width], ScalarType.Byte, device);
        HeadOutput output = model.call(model.Preprocess(pixels, batch.Frames));
        IReadOnlyList<int> strides = model.Options.Head.Strides;
        Dictionary<LossComponent, double[]> levels;
        List<BadStepFinding> findings;
        using (no_grad())
        {
            levels = ComputeLossesByLevel(criterion, output, batch.Targets);
            findings = FindLossSources(criterion, output, batch, strides);
        }

        using LossTerms losses = criterion.Compute(output, batch.Targets);
        List<string> badGradients = [];
        double norm = ComputeGradientNorm(model, losses.Total(), badGradients);
        if (badGradients.Count > 0 && levels.Values.All(level => Array.TrueForAll(level, double.IsFinite)))
        {
            findings = FindGradientSources(model, criterion, output, batch, strides);
        }

        return new BadStepReport
        {
            LossesByLevel = levels,
            Strides = strides,
            Findings = findings,
            NonFiniteWeights = [.. model.state_dict().Where(entry => !IsFinite(entry.Value)).Select(entry => entry.Key)],
            NonFiniteOutputStrides = [.. strides.Where((_, level) => !IsFinite(output.Scores[level]) || !IsFinite(output.BoxDistributionLogits[level]))],
            NonFiniteGradients = badGradients,
            GradientNorm = norm,
        };
    }

    /// <summary>Finds the images with the worst part of the loss; then, within them, the worst boxes one by one.</summary>
    private static List<BadStepFinding> FindLossSources(GflCriterion criterion, HeadOutput output, TrainingBatch batch, IReadOnlyList<int> strides)
    {
        List<BadStepFinding> images = [];
        List<BadStepFinding> boxes = [];
        for (int i = 0; i < batch.Count; i++)
        {
            images.Add(FindWorst(ComputeLossesByLevel(criterion, SelectImage(output, i), [batch.Targets[i]]), strides, new BadStepFinding(i, LossComponent.Quality, strides[0], 0)));
        }

        images.Sort(CompareSeverity);
        foreach (BadStepFinding image in images.Take(MaxImages))
        {
            HeadOutput alone = SelectImage(output, image.Image);
            GroundTruth truth = batch.Targets[image.Image];
            for (int b = 0; b < Math.Min(truth.Count, MaxBoxes); b++)
            {
                GroundTruth single = truth with { Boxes = truth.Boxes[(4 * b)..(4 * (b + 1))], Labels = [truth.Labels[b]] };
                Box box = new(single.Boxes[0], single.Boxes[1], single.Boxes[2], single.Boxes[3]);
                BadStepFinding start = new(image.Image, LossComponent.Box, strides[0], 0, b, box, truth.Labels[b]);
                boxes.Add(FindWorst(ComputeLossesByLevel(criterion, alone, [single]), strides, start));
            }
        }

        boxes.Sort(CompareSeverity);

        // A box is the cause if it alone is as bad as its image; otherwise the image as a whole is.
        BadStepFinding? worstBox = boxes.FirstOrDefault();
        bool boxExplains = worstBox is not null && images.Count > 0 && (double.IsFinite(images[0].Value) || !double.IsFinite(worstBox.Value));
        return boxExplains ? boxes : images;
    }

    private static BadStepFinding FindWorst(Dictionary<LossComponent, double[]> parts, IReadOnlyList<int> strides, BadStepFinding start) => parts
        .SelectMany(part => part.Value.Select((value, level) => start with { Component = part.Key, Stride = strides[level], Value = value }))
        .Aggregate(start with { Value = double.MinValue }, (worst, next) => CompareSeverity(next, worst) < 0 ? next : worst);

    // NaN and infinity first, then by size.
    private static int CompareSeverity(BadStepFinding a, BadStepFinding b) => GetSeverity(b.Value).CompareTo(GetSeverity(a.Value));

    private static double GetSeverity(double value) => double.IsFinite(value) ? value : double.PositiveInfinity;

    private static HeadOutput SelectImage(HeadOutput output, int image) => new(
        [.. output.Scores.Select(map => map.narrow(0, image, 1))],
        [.. output.BoxDistributionLogits.Select(map => map.narrow(0, image, 1))],
        output.ScoresAreProbabilities);

    private static Dictionary<LossComponent, double[]> ComputeLossesByLevel(GflCriterion criterion, HeadOutput output, IReadOnlyList<GroundTruth> targets)
    {
        using DisposeScope scope = NewDisposeScope();
        LevelLossTerms terms = criterion.ComputeByLevel(output, targets);
        return new()
        {
            [LossComponent.Quality] = Values(terms.Classification),
            [LossComponent.Box] = Values(terms.Box),
            [LossComponent.Distribution] = Values(terms.Distribution),
        };

        static double[] Values(Tensor levels) => levels.cpu().to(float64).data<double>().ToArray();
    }

    /// <summary>Finds the images whose own gradient is not finite, and the part of their loss that it comes from.</summary>
    private static List<BadStepFinding> FindGradientSources(
        GflDetector model, GflCriterion criterion, HeadOutput output, TrainingBatch batch, IReadOnlyList<int> strides)
    {
        List<BadStepFinding> found = [];
        for (int i = 0; i < batch.Count && found.Count < MaxImages; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            LevelLossTerms terms = criterion.ComputeByLevel(SelectImage(output, i), [batch.Targets[i]]);
            (LossComponent Component, Tensor Levels)[] parts =
                [(LossComponent.Quality, terms.Classification), (LossComponent.Box, terms.Box), (LossComponent.Distribution, terms.Distribution)];
            foreach ((LossComponent component, Tensor levels) in parts)
            {
                for (int level = 0; level < strides.Count; level++)
                {
                    double norm = ComputeGradientNorm(model, levels[level], []);
                    if (!double.IsFinite(norm))
                    {
                        found.Add(new BadStepFinding(i, component, strides[level], norm));
                    }
                }
            }
        }

        return found;
    }

    private static double ComputeGradientNorm(GflDetector model, Tensor loss, List<string> bad)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter parameter in model.parameters())
        {
            parameter.grad?.zero_();
        }

        autograd.backward([loss], retain_graph: true);
        double squares = 0;
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient)
            {
                double norm = gradient.norm().item<float>();
                squares += norm * norm;
                if (!double.IsFinite(norm))
                {
                    bad.Add(name);
                }
            }
        }

        return Math.Sqrt(squares);
    }

    /// <summary>Finds targets without a defined loss: boxes that are not finite, classes that do not exist.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>A message for each: the image in the batch, the object and its numbers.</returns>
    public static IReadOnlyList<string> FindInvalidTargets(TrainingBatch batch, int classes)
    {
        List<string> bad = [];
        for (int i = 0; i < batch.Count; i++)
        {
            GroundTruth truth = batch.Targets[i];
            for (int b = 0; b < truth.Count; b++)
            {
                ReadOnlySpan<float> box = truth.Boxes.AsSpan(4 * b, 4);
                if (!float.IsFinite(box[0]) || !float.IsFinite(box[1]) || !float.IsFinite(box[2]) || !float.IsFinite(box[3]))
                {
                    bad.Add($"image {i}, box {b} [{string.Join(", ", box.ToArray())}] is not finite");
                }
                else if (truth.Labels[b] < 0 || truth.Labels[b] >= classes)
                {
                    bad.Add($"image {i}, box {b} has class {truth.Labels[b]}, but there are {classes} classes");
                }
            }
        }

        return bad;
    }

    private static bool IsFinite(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        return tensor.isfinite().all().item<bool>();
    }
}
