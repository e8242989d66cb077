using System.Runtime.ExceptionServices;
using FocalSharp.Detections;
using FocalSharp.Torch.Modeling.Heads;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>Decodes a head's output into detections, images in parallel; see <see cref="DetectionDecoder"/>.</summary>
/// <param name="head">Anchors and distributions.</param>
/// <param name="classes">Number of classes; further channels of the scores are ignored.</param>
public sealed class HeadDecoder(HeadOptions head, int classes)
{
    private readonly HeadOptions _head = head ?? throw new ArgumentNullException(nameof(head));
    private readonly int _classes = classes > 0 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, "A detector has at least one class.");

    /// <summary>Decodes a batch.</summary>
    /// <param name="output">The output of the head.</param>
    /// <param name="frames">Resize transform of each image in the batch.</param>
    /// <param name="options">Thresholds and limits; null for the defaults.</param>
    /// <returns>The detections of each image, highest score first, in pixels of the original image.</returns>
    /// <exception cref="ArgumentException">The output, the transforms and the options do not fit each other.</exception>
    public Detection[][] Decode(HeadOutput output, IReadOnlyList<ResizeTransform> frames, PostprocessOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(frames);
        output.RequireLive(nameof(output));
        int levels = _head.Strides.Count;
        if (output.Scores.Count != levels || output.BoxDistributionLogits.Count != levels || output.Scores[0].size(0) != frames.Count)
        {
            throw new ArgumentException(
                $"{frames.Count} resize transforms and {levels} strides do not match {output.Scores.Count} levels of {output.Scores[0].size(0)} images.",
                nameof(output));
        }

        DetectionDecoder decoder = new(_classes, _head.RegMax, _head.CenterOffset, output.ScoresAreProbabilities);
        Tensor[] scores = [.. output.Scores.Select(ToContiguousFloat32)];
        Tensor[] sides = [.. output.BoxDistributionLogits.Select(ToContiguousFloat32)];
        Detection[][] detections = new Detection[frames.Count][];
        try
        {
            Parallel.For(0, frames.Count, image =>
            {
                DetectionDecoding decoding = decoder.Begin(frames[image], options);
                for (int l = 0; l < levels; l++)
                {
                    int width = (int)scores[l].size(3);
                    int height = (int)scores[l].size(2);
                    decoding.AddLevel(Values(scores[l], image), Values(sides[l], image), _head.Strides[l], width, height);
                }

                detections[image] = decoding.Finish();
            });
        }
        catch (AggregateException exception) when (exception.InnerExceptions[0] is ArgumentException first)
        {
            ExceptionDispatchInfo.Throw(first); // the maps or the options do not fit, in every image
        }
        finally
        {
            Array.ForEach(scores, map => map.Dispose());
            Array.ForEach(sides, map => map.Dispose());
        }

        return detections;
    }

    // A separate handle to contiguous float32 data on the CPU; no copy if the map is that already.
    private static Tensor ToContiguousFloat32(Tensor map)
    {
        using IDisposable guard = no_grad();
        using Tensor local = map.detach();
        using Tensor wide = local.to(float32);
        using Tensor near = wide.cpu();
        return near.contiguous().DetachFromDisposeScope();
    }

    private static unsafe ReadOnlySpan<float> Values(Tensor map, int image)
    {
        long length = map.size(1) * map.size(2) * map.size(3);
        fixed (byte* start = &System.Runtime.InteropServices.MemoryMarshal.GetReference(map.bytes))
        {
            return new ReadOnlySpan<float>((float*)start + (image * length), checked((int)length));
        }
    }
}
