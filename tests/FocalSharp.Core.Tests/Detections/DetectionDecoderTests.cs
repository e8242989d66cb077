using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Distributions;

namespace FocalSharp.Core.Tests.Detections;

public sealed class DetectionDecoderTests
{
    private const int Classes = 3;
    private const int RegMax = 7;
    private static readonly (int Stride, int Width, int Height)[] Levels = [(8, 7, 5), (16, 4, 3)];

    private static readonly Gen<Level[]> Maps = Gen.Select(
        Gen.Float[-6, 6].Array[Classes * 35],
        Gen.Float[-6, 6].Array[4 * (RegMax + 1) * 35],
        Gen.Float[-6, 6].Array[Classes * 12],
        Gen.Float[-6, 6].Array[4 * (RegMax + 1) * 12],
        (s0, d0, s1, d1) => new[] { new Level(s0, d0), new Level(s1, d1) });

    [Fact]
    public void The_fast_path_equals_the_composition_of_its_steps() =>
        Gen.Select(Maps, Gen.OneOf(0.0, 0.05, 0.5, 0.97), Gen.Int[0, 60], Gen.Int[0, 30], Gen.Float[0.5f, 2]).Sample(
            (maps, threshold, perLevel, max, scale) =>
            {
                ResizeTransform frame = new(50, 37, scale, scale * 1.1f);
                PostprocessOptions options = new() { ScoreThreshold = threshold, MaxPerLevel = perLevel, MaxDetections = max };

                Detection[] quick = Decode(maps, frame, options);

                // Where a bin's mass is tiny a quantile moves far for little: it lies between those of the neighboring probabilities.
                List<Detection> plain = DecodeReference(maps, frame, options with { Quantiles = [0.05 - 1e-5, 0.05 + 1e-5, 0.5 - 1e-5, 0.5 + 1e-5, 0.95 - 1e-5, 0.95 + 1e-5] });
                Assert.Equal(plain.Count, quick.Length);
                for (int i = 0; i < quick.Length; i++)
                {
                    Assert.Equal((plain[i].Label, plain[i].Score), (quick[i].Label, quick[i].Score));
                    Assert.Equal([0.05, 0.5, 0.95], quick[i].Quantiles.Select(quantile => quantile.Probability));
                    Assert.Equal(plain[i].Box.X1, quick[i].Box.X1, 1e-3f);
                    Assert.Equal(plain[i].Box.Y1, quick[i].Box.Y1, 1e-3f);
                    Assert.Equal(plain[i].Box.X2, quick[i].Box.X2, 1e-3f);
                    Assert.Equal(plain[i].Box.Y2, quick[i].Box.Y2, 1e-3f);
                    for (int side = 0; side < 4; side++)
                    {
                        Assert.Equal(plain[i].Deviation[side], quick[i].Deviation[side], 1e-3f);
                        Assert.Equal(plain[i].Mean[side], quick[i].Mean[side], 1e-3f);
                        Assert.All(Enumerable.Range(0, 3), q => Assert.InRange(
                            quick[i].Quantiles[q].Position[side],
                            plain[i].Quantiles[2 * q].Position[side] - 2e-3f,
                            plain[i].Quantiles[(2 * q) + 1].Position[side] + 2e-3f));
                    }
                }
            },
            iter: 200);

    [Fact]
    public void A_score_of_exactly_the_threshold_is_dropped()
    {
        Level[] maps = Confident(score: 0);

        Assert.Empty(Decode(maps, new ResizeTransform(56, 40), new PostprocessOptions { ScoreThreshold = 0.5 }));
        Assert.NotEmpty(Decode(maps, new ResizeTransform(56, 40), new PostprocessOptions { ScoreThreshold = 0.4999 }));
    }

    [Fact]
    public void Boxes_without_an_area_after_clipping_are_dropped()
    {
        // Every location says "1 stride to each side"; the image ends left of most of them.
        Level[] maps = Confident(score: 3);

        Detection[] detections = Decode(maps, new ResizeTransform(5, 5), new PostprocessOptions { NmsThreshold = 1 });

        Assert.NotEmpty(detections);
        Assert.All(detections, detection => Assert.False(detection.Box.IsEmpty));
        Assert.All(detections, detection => Assert.True(detection.Box.X2 <= 5 && detection.Box.Y2 <= 5));
    }

    [Fact]
    public void A_single_bin_has_no_deviation_and_two_equal_bins_have_half_their_distance()
    {
        Level[] maps = Confident(score: 3);
        int bins = RegMax + 1;
        maps[0].Sides.AsSpan(0, bins * 35).Fill(-100);
        foreach (int bin in (int[])[0, 2])
        {
            maps[0].Sides.AsSpan(bin * 35, 35).Clear();
        }

        Detection detection = Decode(maps, new ResizeTransform(56, 40, 0.5f, 0.25f), new PostprocessOptions())
            .First(candidate => candidate.Box.X1 > 0 && candidate.Box.Width < 64);

        // Bins 0 and 2 alike: one stride of 8 pixels to either side of the mean, which are 16 pixels of the original.
        Assert.Equal(16, detection.Deviation.Left, 1e-3f);
        Assert.Equal(0, detection.Deviation.Right, 1e-3f);
    }

    [Fact]
    public void Edges_have_mean_and_quantiles_in_coordinates_of_the_original_image()
    {
        // One location at (0, 0) of stride 8 in an image that was halved. Left: bins 0 and 2 alike; right: bins 1, 2, 3, 4 alike.
        const int Bins = RegMax + 1;
        float[] sides = new float[4 * Bins];
        Array.Fill(sides, -200);
        foreach (int bin in (int[])[0, 2, Bins + 1, (2 * Bins) + 1, (2 * Bins) + 2, (2 * Bins) + 3, (2 * Bins) + 4, (3 * Bins) + 1])
        {
            sides[bin] = 0;
        }

        DetectionDecoding decoding = new DetectionDecoder(1, RegMax).Begin(
            new ResizeTransform(64, 64, 0.5f, 0.5f), new PostprocessOptions { Quantiles = [0, 0.5, 0.625, 1], IncludeDistributions = true });
        decoding.AddLevel([3], sides, 8, 1, 1);
        Detection detection = Assert.Single(decoding.Finish());

        // A bin is 16 pixels. Means: left 1 bin, top 1, right 2.5, bottom 1; the box is cut at the image's edge, the mean is not.
        Assert.Equal(new Box(0, 0, 40, 16), detection.Box);
        Assert.Equal(new SideValues(-16, -16, 40, 16), detection.Mean);
        Assert.Equal(16, detection.Deviation.Left, 1e-3f);
        Assert.Equal(16 * Math.Sqrt(1.25), detection.Deviation.Right, 1e-3);

        // Each bin's mass is spread over ±½ bin: right is even on 0.5..4.5; left has halves on 0..½ (cut) and 1.5..2.5.
        Assert.Equal([8, 40, 48, 72], detection.Quantiles.Select(quantile => quantile.Position.Right));
        Assert.Equal(-16 * 2.5, detection.Quantiles[0].Position.Left, 1e-4);
        Assert.Equal(-16 * 0.25, detection.Quantiles[2].Position.Left, 1e-4);
        Assert.Equal(0, detection.Quantiles[3].Position.Left, 1e-4);

        Assert.Equal([0, 0.25, 0.25, 0.25, 0.25, 0, 0, 0], detection.Distributions!.Right.Probabilities.ToArray().Select(p => Math.Round(p, 12)));
        Assert.Equal(40, detection.Distributions[2].Mean, 1e-9);
        Assert.Equal((0f, 0f), (detection.Distributions.X, detection.Distributions.Y));
    }

    [Fact]
    public void Without_requested_quantiles_detections_have_boxes_and_deviations_only()
    {
        Detection[] detections = Decode(Confident(score: 3), new ResizeTransform(56, 40), new PostprocessOptions { Quantiles = [] });

        Assert.All(detections, detection => Assert.Empty(detection.Quantiles));
        Assert.All(detections, detection => Assert.Null(detection.Distributions));
    }

    [Fact]
    public void An_invalid_quantile_is_rejected() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new DetectionDecoder(2, RegMax).Begin(new ResizeTransform(8, 8), new PostprocessOptions { Quantiles = [1.5] }));

    [Fact]
    public void Quantiles_do_not_change_with_the_list_of_probabilities()
    {
        List<double> asked = [0.25, 0.75];
        Detection[] detections = Decode(Confident(score: 3), new ResizeTransform(56, 40), new PostprocessOptions { Quantiles = asked });
        asked.Clear();

        Assert.NotEmpty(detections);
        Assert.All(detections, detection => Assert.Equal([0.25, 0.75], detection.Quantiles.Select(quantile => quantile.Probability)));
    }

    [Fact]
    public async Task Quantiles_read_by_many_threads_at_once_are_the_same_for_all()
    {
        for (int round = 0; round < 50; round++)
        {
            Detection[] detections = Decode(Confident(score: 3), new ResizeTransform(56, 40), new PostprocessOptions());
            EdgeQuantile[][] read = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                _ => Task.Run(() => detections.SelectMany(detection => detection.Quantiles).ToArray(), TestContext.Current.CancellationToken)));

            Assert.Equal(3 * detections.Length, read[0].Length);
            Assert.All(read, entries => Assert.Equal(read[0], entries));
        }
    }

    [Fact]
    public void A_decoding_can_be_finished_only_once()
    {
        DetectionDecoding decoding = new DetectionDecoder(2, RegMax).Begin(new ResizeTransform(8, 8));
        decoding.Finish();

        Assert.Throws<InvalidOperationException>(() => decoding.Finish());
    }

    [Fact]
    public void A_detection_without_means_uses_its_box()
    {
        Detection detection = new(new Box(1, 2, 3, 4), 0, 0.5f, new SideValues(1, 1, 1, 1));

        Assert.Equal(new SideValues(1, 2, 3, 4), detection.Mean);
        Assert.Equal(new SideValues(5, 6, 7, 8), (detection with { Mean = new(5, 6, 7, 8) }).Mean);
        Assert.Equal(detection, detection with { Quantiles = new EdgeQuantiles() });
        Assert.Equal(
            detection with { Quantiles = new EdgeQuantiles(new EdgeQuantile(0.5, detection.Mean)) },
            detection with { Quantiles = new EdgeQuantiles(new EdgeQuantile(0.5, detection.Mean)) });
    }

    [Fact]
    public void Probabilities_are_used_without_a_sigmoid()
    {
        DetectionDecoder decoder = new(1, RegMax, scoresAreProbabilities: true);
        DetectionDecoding decoding = decoder.Begin(new ResizeTransform(64, 64));
        float[] sides = new float[4 * (RegMax + 1) * 2];

        decoding.AddLevel([0.05f, 0.75f], sides, 8, 2, 1);

        Assert.Equal([0.75f], decoding.Finish().Select(detection => detection.Score));
    }

    [Theory]
    [InlineData(100f)]
    [InlineData(-100f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Extreme_logits_give_finite_boxes_or_none(float extreme)
    {
        Level[] maps = Confident(score: 100);
        for (int i = 0; i < maps[0].Sides.Length; i += 3)
        {
            maps[0].Sides[i] = extreme;
        }

        Detection[] detections = Decode(maps, new ResizeTransform(56, 40), new PostprocessOptions());

        Assert.All(detections, detection => Assert.True(detection.Box.IsFinite && detection.Score <= 1));
        Assert.All(detections, detection => Assert.True(float.IsFinite(detection.Deviation.Left + detection.Deviation.Bottom)));
    }

    [Fact]
    public void Nothing_above_the_threshold_gives_no_detections() =>
        Assert.Empty(Decode(Confident(score: -9), new ResizeTransform(56, 40), new PostprocessOptions()));

    [Fact]
    public void Maps_of_the_wrong_size_are_rejected() => Assert.Throws<ArgumentException>(
        () => new DetectionDecoder(2, RegMax).Begin(new ResizeTransform(8, 8)).AddLevel(new float[7], new float[128], 8, 2, 2));

    private static Level[] Confident(float score)
    {
        Level[] maps = [.. Levels.Select(level => new Level(
            new float[Classes * level.Width * level.Height], new float[4 * (RegMax + 1) * level.Width * level.Height]))];
        for (int l = 0; l < maps.Length; l++)
        {
            int area = Levels[l].Width * Levels[l].Height;
            Array.Fill(maps[l].Scores, score);
            for (int side = 0; side < 4; side++)
            {
                maps[l].Sides.AsSpan(((side * (RegMax + 1)) + 1) * area, area).Fill(60);
            }
        }

        return maps;
    }

    private static Detection[] Decode(Level[] maps, ResizeTransform frame, PostprocessOptions options)
    {
        DetectionDecoding decoding = new DetectionDecoder(Classes, RegMax).Begin(frame, options);
        for (int l = 0; l < maps.Length; l++)
        {
            decoding.AddLevel(maps[l].Scores, maps[l].Sides, Levels[l].Stride, Levels[l].Width, Levels[l].Height);
        }

        return decoding.Finish();
    }

    private static List<Detection> DecodeReference(Level[] maps, ResizeTransform frame, PostprocessOptions options)
    {
        List<Detection> candidates = [];
        for (int l = 0; l < maps.Length; l++)
        {
            (int stride, int width, int height) = Levels[l];
            int area = width * height;
            List<(int Location, int Label, float Score)> pairs = [];
            for (int location = 0; location < area; location++)
            {
                for (int label = 0; label < Classes; label++)
                {
                    float score = (float)(1 / (1 + Math.Exp(-(double)maps[l].Scores[(label * area) + location])));
                    pairs.Add((location, label, score));
                }
            }

            foreach ((int location, int label, float score) in pairs
                .Where(pair => pair.Score > (float)options.ScoreThreshold).OrderByDescending(pair => pair.Score).Take(options.MaxPerLevel))
            {
                SideDistribution[] sides = [.. Enumerable.Range(0, 4).Select(side => SideDistribution.FromLogits(
                    [.. Enumerable.Range(0, RegMax + 1).Select(bin => maps[l].Sides[(((side * (RegMax + 1)) + bin) * area) + location])], stride))];
                SideValues means = new((float)sides[0].Mean, (float)sides[1].Mean, (float)sides[2].Mean, (float)sides[3].Mean);
                SideValues deviations = new(
                    (float)sides[0].StandardDeviation, (float)sides[1].StandardDeviation, (float)sides[2].StandardDeviation, (float)sides[3].StandardDeviation);
                Box box = BoxCoder.Decode(location % width * stride, location / width * stride, means)
                    .Clip(frame.Width, frame.Height).Scale(1 / frame.ScaleX, 1 / frame.ScaleY);
                if (box.Width > 0 && box.Height > 0)
                {
                    candidates.Add(new Detection(box, label, score, deviations.Scale(1 / frame.ScaleX, 1 / frame.ScaleY))
                    {
                        Mean = Position(side => sides[side].Mean),
                        Quantiles = new EdgeQuantiles([.. options.Quantiles.Select(probability => new EdgeQuantile(
                            probability, Position(side => sides[side].Quantile(side < 2 ? 1 - probability : probability))))]),
                    });

                    // Left and top edges lie before the location, right and bottom edges behind it.
                    SideValues Position(Func<int, double> distance) => new(
                        (float)(((location % width * stride) - distance(0)) / frame.ScaleX),
                        (float)(((location / width * stride) - distance(1)) / frame.ScaleY),
                        (float)(((location % width * stride) + distance(2)) / frame.ScaleX),
                        (float)(((location / width * stride) + distance(3)) / frame.ScaleY));
                }
            }
        }

        List<Detection> retained = [];
        foreach (Detection candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (!retained.Exists(other => other.Label == candidate.Label && BoxIou.Iou(other.Box, candidate.Box) > (float)options.NmsThreshold))
            {
                retained.Add(candidate);
            }
        }

        return [.. retained.Take(options.MaxDetections)];
    }

    private sealed record Level(float[] Scores, float[] Sides);
}
