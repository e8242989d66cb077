using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Distributions;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests.Outputs;

public sealed class OutputVariantTests
{
    private const int Classes = 2;
    private const int Bins = 5;

    private static readonly int[] Strides = [16, 32];

    [Fact]
    public void Raw_outputs_are_decoded_as_the_decoder_decodes_maps()
    {
        (float[] logits, float[] sides) = Outputs();
        using Detector detector = Detector.Load(TestModels.Fixed("raw", 20, ("class_logits", logits), ("distributions", sides)).ToArray());

        // 128x128 is halved.
        Detections found = detector.Detect(new RgbImage(128, 128), new DetectOptions { ScoreThreshold = detector.Model.Postprocess.ScoreThreshold });

        DetectionDecoding decoding = new DetectionDecoder(Classes, Bins - 1).Begin(new ResizeTransform(64, 64, 0.5f, 0.5f));
        decoding.AddLevel(Map(logits, 0, 16, Classes), Map(sides, 0, 16, 4 * Bins), 16, 4, 4);
        decoding.AddLevel(Map(logits, 16, 4, Classes), Map(sides, 16, 4, 4 * Bins), 32, 2, 2);
        Detection[] expected = decoding.Finish();
        Assert.True(expected.Length > 3);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Candidates_give_what_raw_outputs_give()
    {
        (float[] logits, float[] sides) = Outputs();
        float[] boxes = new float[20 * 4];
        float[] deviations = new float[20 * 4];
        for (int point = 0; point < 20; point++)
        {
            (int stride, int place, int width) = point < 16 ? (Strides[0], point, 4) : (Strides[1], point - 16, 2);
            (float[] mean, float[] deviation) = (new float[4], new float[4]);
            for (int side = 0; side < 4; side++)
            {
                (mean[side], deviation[side]) = DistributionMath.Moments(sides.AsSpan((point * 4 * Bins) + (side * Bins), Bins));
                deviations[(4 * point) + side] = deviation[side] * stride;
            }

            SideValues distance = new SideValues(mean[0], mean[1], mean[2], mean[3]).Scale(stride, stride);
            Box box = BoxCoder.Decode(place % width * stride, place / width * stride, distance, 64, 64);
            ((float[])[box.X1, box.Y1, box.X2, box.Y2]).CopyTo(boxes, 4 * point);
        }

        float[] scores = [.. logits.Select(logit => (float)(1 / (1 + Math.Exp(-(double)logit))))];
        using Detector raw = Detector.Load(TestModels.Fixed("raw", 20, ("class_logits", logits), ("distributions", sides)).ToArray());
        using Detector candidates = Detector.Load(
            TestModels.Fixed("candidates", 20, ("boxes", boxes), ("scores", scores), ("deviations", deviations)).ToArray());
        RgbImage image = new(128, 128);

        Detection[] expected = [.. raw.Detect(image)];
        Detections[] found = candidates.Detect([image, image]);

        Assert.All(found, one => Assert.Equal(expected.Select(d => (d.Box, d.Label, d.Score)), one.Select(d => (d.Box, d.Label, d.Score))));
        Assert.All(expected.Zip(found[1]), pair =>
        {
            for (int side = 0; side < 4; side++)
            {
                Assert.Equal(pair.First.Deviation[side], pair.Second.Deviation[side], 1e-4f);
            }
        });
    }

    // [points, channels] logits of both levels, seeded.
    private static (float[] Logits, float[] Sides) Outputs()
    {
        Random random = new(5);
        float[] logits = [.. Enumerable.Range(0, 20 * Classes).Select(_ => (float)((random.NextDouble() * 8) - 6))];
        float[] sides = [.. Enumerable.Range(0, 20 * 4 * Bins).Select(_ => (float)(random.NextDouble() * 4))];
        return (logits, sides);
    }

    private static float[] Map(float[] rows, int first, int points, int channels) =>
        [.. Enumerable.Range(0, channels).SelectMany(channel => Enumerable.Range(first, points).Select(point => rows[(point * channels) + channel]))];
}
