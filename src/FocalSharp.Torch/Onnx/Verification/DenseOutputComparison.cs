using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Distributions;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>Compares the outputs of the variants without selection, location by location, with the detector's.</summary>
internal static class DenseOutputComparison
{
    /// <summary>Compares the variant <c>candidates</c>.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="output">The output of its head.</param>
    /// <param name="frames">Resize transform of each image.</param>
    /// <param name="boxes">The file's boxes, <c>[batch, points, 4]</c>.</param>
    /// <param name="scores">The file's scores, <c>[batch, points, classes]</c>.</param>
    /// <param name="deviations">The file's deviations, <c>[batch, points, 4]</c>.</param>
    public static OnnxDifference Candidates(
        GflDetector detector, HeadOutput output, IReadOnlyList<ResizeTransform> frames, float[] boxes, float[] scores, float[] deviations)
    {
        MaxDifferences largest = new();
        int points = ForEachPoint(detector, output, (image, point, place, probabilities, logits) =>
        {
            largest.AddScores(probabilities, scores.AsSpan(point * probabilities.Length, probabilities.Length));
            Span<float> means = stackalloc float[4];
            Span<float> spreads = stackalloc float[4];
            Moments(logits, place.Stride, means, spreads);
            Box box = BoxCoder.Decode(
                place.X, place.Y, new(means[0], means[1], means[2], means[3]), frames[image].Width, frames[image].Height);
            largest.AddPixels([box.X1, box.Y1, box.X2, box.Y2], boxes.AsSpan(4 * point, 4));
            largest.AddPixels(spreads, deviations.AsSpan(4 * point, 4));
        });
        return largest.ComputeDifference(points);
    }

    /// <summary>Compares the variant <c>raw</c>, by the probabilities, distances and deviations of its logits.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="output">The output of its head.</param>
    /// <param name="classLogits">The file's logits, <c>[batch, points, classes]</c>.</param>
    /// <param name="distributions">The file's side logits, <c>[batch, points, 4·(n+1)]</c>.</param>
    public static OnnxDifference Raw(GflDetector detector, HeadOutput output, float[] classLogits, float[] distributions)
    {
        MaxDifferences largest = new();
        int points = ForEachPoint(detector, output, (_, point, place, probabilities, logits) =>
        {
            float[] found = new float[probabilities.Length];
            for (int i = 0; i < found.Length; i++)
            {
                found[i] = Sigmoid(classLogits[(point * found.Length) + i]);
            }

            largest.AddScores(probabilities, found);
            Span<float> expected = stackalloc float[8];
            Span<float> actual = stackalloc float[8];
            Moments(logits, place.Stride, expected[..4], expected[4..]);
            Moments(distributions.AsSpan(point * logits.Length, logits.Length), place.Stride, actual[..4], actual[4..]);
            largest.AddPixels(expected, actual);
        });
        return largest.ComputeDifference(points);
    }

    private delegate void Visit(
        int image, int point, (float X, float Y, int Stride) place, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> logits);

    /// <summary>Visits every location of every image; points are numbered over the batch, as the file's rows.</summary>
    private static int ForEachPoint(GflDetector detector, HeadOutput output, Visit visit)
    {
        HeadOptions head = detector.Options.Head;
        int classes = detector.Options.Classes.Count;
        int batch = (int)output.Scores[0].size(0);
        int total = output.Scores.Sum(map => (int)(map.size(2) * map.size(3)));
        int start = 0;
        for (int level = 0; level < head.Strides.Count; level++)
        {
            (float[] scores, int channels) = ByLocation(output.Scores[level]);
            (float[] sides, int sideChannels) = ByLocation(output.BoxDistributionLogits[level]);
            int width = (int)output.Scores[level].size(3);
            int area = width * (int)output.Scores[level].size(2);
            int stride = head.Strides[level];
            float[] probabilities = new float[classes];
            for (int i = 0; i < batch * area; i++)
            {
                (int image, int location) = Math.DivRem(i, area);
                for (int label = 0; label < classes; label++)
                {
                    float score = scores[(i * channels) + label];
                    probabilities[label] = output.ScoresAreProbabilities ? score : Sigmoid(score);
                }

                (float x, float y) = (((location % width) + (float)head.CenterOffset) * stride, ((location / width) + (float)head.CenterOffset) * stride);
                visit(image, (image * total) + start + location, (x, y, stride), probabilities, sides.AsSpan(i * sideChannels, sideChannels));
            }

            start += area;
        }

        return total;
    }

    private static (float[] Values, int Channels) ByLocation(Tensor map)
    {
        using IDisposable guard = no_grad();
        using Tensor turned = map.permute(0, 2, 3, 1);
        return (TensorConversion.ToState(turned).Span<float>().ToArray(), (int)map.size(1));
    }

    private static void Moments(ReadOnlySpan<float> logits, int stride, Span<float> means, Span<float> deviations)
    {
        int bins = logits.Length / 4;
        for (int side = 0; side < 4; side++)
        {
            (float mean, float deviation) = DistributionMath.Moments(logits.Slice(side * bins, bins));
            (means[side], deviations[side]) = (mean * stride, deviation * stride);
        }
    }

    private static float Sigmoid(float logit) => (float)(1 / (1 + Math.Exp(-(double)logit)));

    private sealed class MaxDifferences
    {
        private double _pixels;
        private double _score;

        public void AddPixels(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) => _pixels = Math.Max(_pixels, ComputeDifference(expected, actual));

        public void AddScores(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) => _score = Math.Max(_score, ComputeDifference(expected, actual));

        public OnnxDifference ComputeDifference(int points) => new(points, _pixels, _score);

        // NaN in only one of the two is an infinite difference.
        private static double ComputeDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
        {
            double largest = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                double difference = Math.Abs((double)expected[i] - actual[i]);
                largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            }

            return largest;
        }
    }
}
