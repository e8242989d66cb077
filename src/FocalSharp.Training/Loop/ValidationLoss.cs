using FocalSharp.Assignment;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Loop;

/// <summary>
/// The training's losses on the evaluation images, from the outputs that the evaluation computes anyway. Images are not augmented, and the loss of an
/// assign guidance module, which runs in training only, is not part of it.
/// </summary>
/// <param name="images">The evaluated images.</param>
/// <param name="options">The model.</param>
internal sealed class ValidationLoss(IReadOnlyList<DatasetImage> images, DetectorOptions options)
{
    private readonly GflCriterion _criterion = new(options.Head, options.Loss, options.Classes.Count) { Progress = 1 };
    private ValidationLosses _sum;
    private int _count;

    /// <summary>Gets the mean over the batches, weighted by their images; NaN without images.</summary>
    public ValidationLosses Mean => _sum.Scale(_count == 0 ? double.NaN : 1.0 / _count);

    /// <summary>Returns the mean over the images of all ranks.</summary>
    public ValidationLosses GetMean(ICollective ranks)
    {
        double[] sums = [_sum.Quality, _sum.Box, _sum.Distribution, _count];
        ranks.AllReduceSum(sums.AsSpan());
        return new ValidationLosses(sums[0], sums[1], sums[2]).Scale(sums[3] == 0 ? double.NaN : 1 / sums[3]);
    }

    /// <summary>Adds the losses of a batch.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="batch">The index of each image among the evaluated ones.</param>
    /// <param name="transforms">The position of each image in the input.</param>
    public void Add(HeadOutput output, IReadOnlyList<(int Index, ImageSize Size)> batch, IReadOnlyList<ResizeTransform> transforms)
    {
        GroundTruth[] targets = [.. batch.Zip(transforms, (image, transform) => CreateTarget(images[image.Index], image.Size, transform))];
        using LossTerms losses = _criterion.Compute(output, targets);
        _sum = _sum.Add(new ValidationLosses(losses.Classification.item<float>(), losses.Box.item<float>(), losses.Distribution.item<float>()).Scale(batch.Count));
        _count += batch.Count;
    }

    private static GroundTruth CreateTarget(DatasetImage entry, ImageSize size, ResizeTransform transform)
    {
        ObjectAnnotation[] objects = [.. entry.Objects.Where(item => !item.IsCrowd)];
        (float scaleX, float scaleY) = (transform.ScaleX * size.Width / entry.Width, transform.ScaleY * size.Height / entry.Height);
        return new GroundTruth(
            [.. objects.Select(item => item.Box.Scale(scaleX, scaleY)).SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })],
            [.. objects.Select(item => item.Label)],
            transform.Width,
            transform.Height);
    }
}

/// <summary>The three losses, weighted as in training.</summary>
/// <param name="Quality">Quality Focal Loss.</param>
/// <param name="Box">GIoU loss.</param>
/// <param name="Distribution">Distribution Focal Loss.</param>
internal readonly record struct ValidationLosses(double Quality, double Box, double Distribution)
{
    /// <summary>Returns the sum.</summary>
    public ValidationLosses Add(ValidationLosses other) => new(Quality + other.Quality, Box + other.Box, Distribution + other.Distribution);

    /// <summary>Returns the product with a factor.</summary>
    public ValidationLosses Scale(double factor) => new(Quality * factor, Box * factor, Distribution * factor);
}
