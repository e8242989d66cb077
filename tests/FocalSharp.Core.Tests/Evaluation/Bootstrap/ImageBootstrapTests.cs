using CsCheck;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Core.Tests.Evaluation.Bootstrap;

public sealed class ImageBootstrapTests
{
    private const int Images = 6;

    private static readonly CocoCategory[] Categories = [new(1, "cat"), new(2, "dog")];

    private sealed record Scene(CocoAnnotation[] Objects, CocoResult[] Found);

    private static Gen<Scene> Scenes { get; } =
        from boxes in Gen.Select(Gen.Int[0, Images - 1], Gen.Int[1, 2], Gen.Double[0, 60], Gen.Double[0, 60], Gen.Double[20, 90], Gen.Double[-12, 12]).Array[1, 50]
        from objects in Gen.Int[1, boxes.Length]
        select new Scene(
            [.. boxes.Take(objects).Select((b, i) => new CocoAnnotation(i + 1, b.Item1, b.Item2, new(b.Item3, b.Item4, b.Item5, b.Item5), b.Item5 * b.Item5, i % 9 == 8))],
            [.. boxes.Select((b, i) => new CocoResult(b.Item1, b.Item2, new(b.Item3 + b.Item6, b.Item4, b.Item5, b.Item5), (((i * 31) % 97) + 1) / 100.0))]);

    [Theory]
    [InlineData((int)EvaluationProtocol.Coco)]
    [InlineData((int)EvaluationProtocol.Voc07)]
    [InlineData((int)EvaluationProtocol.Voc12)]
    [InlineData((int)EvaluationProtocol.OpenImages)]
    public void A_resample_has_the_AP_of_its_images_evaluated_as_a_set(int protocol) => Scenes.Sample(
        scene =>
        {
            BootstrapOptions options = new() { Resamples = 3, Seed = 7 };
            BootstrapSamples samples = ImageBootstrap.Run(Match(scene, (EvaluationProtocol)protocol), options);
            int[] weights = new int[Images];
            for (int resample = 0; resample < options.Resamples; resample++)
            {
                ImageBootstrap.Draw(options.Seed, resample, weights);
                double? expected = ProtocolMetrics.Compute(Match(Resample(scene, weights), (EvaluationProtocol)protocol, weights.Sum())).AP;
                Assert.Equal(expected ?? double.NaN, samples.AP[resample], 1e-9);
            }
        },
        iter: 200, threads: 1);

    [Fact]
    public void All_images_once_have_the_AP_of_the_reference() => Scenes.Sample(scene =>
    {
        double expected = CocoEvaluator.Evaluate(Truth(scene.Objects, Images), new CocoResults("found", scene.Found)).AP;
        Assert.Equal(expected, ProtocolMetrics.Compute(Match(scene, EvaluationProtocol.Coco)).AP ?? -1, 1e-9);
    });

    [Fact]
    public void Numbers_depend_on_the_seed_and_not_on_the_threads()
    {
        Scene scene = new(
            [.. Enumerable.Range(0, Images).Select(i => new CocoAnnotation(i + 1, i, 1, new(0, 0, 40, 40), 1600, false))],
            [.. Enumerable.Range(0, 3).Select(i => new CocoResult(i, 1, new(0, 0, 40, 40), 0.9 - (i * 0.1)))]);
        MatchSet matches = Match(scene, EvaluationProtocol.Coco);
        double[] one = ImageBootstrap.Run(matches, new() { Resamples = 200, Seed = 1, MaxDegreeOfParallelism = 1 }).AP;
        Assert.Equal(one, ImageBootstrap.Run(matches, new() { Resamples = 200, Seed = 1, MaxDegreeOfParallelism = 4 }).AP);
        Assert.NotEqual(one, ImageBootstrap.Run(matches, new() { Resamples = 200, Seed = 2 }).AP);
    }

    [Fact]
    public void A_resample_has_as_many_images_and_every_image_is_drawn_about_equally_often()
    {
        const int Resamples = 6000;
        long[] total = new long[10];
        int[] weights = new int[10];
        for (int resample = 0; resample < Resamples; resample++)
        {
            ImageBootstrap.Draw(5, resample, weights);
            Assert.Equal(10, weights.Sum());
            for (int i = 0; i < 10; i++)
            {
                total[i] += weights[i];
            }
        }

        // Binomial of 60,000 draws with p = 0.1: standard deviation 73; six of them.
        Assert.All(total, count => Assert.InRange(count, Resamples - 440, Resamples + 440));
    }

    [Fact]
    public void Perfect_detections_have_an_interval_of_one_point()
    {
        Scene scene = new(
            [.. Enumerable.Range(0, Images).Select(i => new CocoAnnotation(i + 1, i, 1, new(0, 0, 40, 40), 1600, false))],
            [.. Enumerable.Range(0, Images).Select(i => new CocoResult(i, 1, new(0, 0, 40, 40), 0.9))]);
        BootstrapSamples samples = ImageBootstrap.Run(Match(scene, EvaluationProtocol.Coco), new() { Resamples = 50 });
        Assert.Equal(1, ConfidenceInterval.FromSamples(samples.AP, 1, 0.95)!.Value.Low, 1e-12);
        Assert.All(samples.ByClass[1], value => Assert.True(double.IsNaN(value)));
    }

    // 101 equally spaced values of mean 0.5: quantile q is q.
    [Theory]
    [InlineData(0.5, 0.025, 0.975)]
    [InlineData(0.4, 0, 0.875)]
    [InlineData(0.52, 0.045, 0.995)]
    public void An_interval_lies_between_the_quantiles_around_the_estimate(double estimate, double low, double high)
    {
        ConfidenceInterval interval = ConfidenceInterval.FromSamples(Enumerable.Range(0, 101).Select(i => i / 100.0).Append(double.NaN), estimate, 0.95)!.Value;
        Assert.Equal(low, interval.Low, 1e-12);
        Assert.Equal(high, interval.High, 1e-12);
        Assert.Null(ConfidenceInterval.FromSamples([double.NaN], estimate, 0.95));
    }

    [Fact]
    public void A_comparison_counts_the_resamples_on_the_wrong_side()
    {
        // The differences are 0.1 in 98 resamples, −0.1 in one: p = 2 (1 + 1) / (99 + 1).
        double[] first = [.. Enumerable.Repeat(0.6, 98), 0.4];
        double[] second = [.. Enumerable.Repeat(0.5, 99)];
        PairedComparison comparison = PairedComparison.Compare(0.6, 0.5, first, second, 0.95)!;
        Assert.Equal(0.1, comparison.Difference, 1e-12);
        Assert.Equal(0.04, comparison.PValue, 1e-12);
        Assert.Equal(1, PairedComparison.Compare(0.5, 0.5, second, second, 0.95)!.PValue);
    }

    // Equal detections differ by 0 in every resample, though each resample's AP differs.
    [Fact]
    public void A_detector_does_not_differ_from_itself() => Scenes.Sample(scene =>
    {
        BootstrapOptions options = new() { Resamples = 20, Seed = 3 };
        BootstrapSamples one = ImageBootstrap.Run(Match(scene, EvaluationProtocol.Coco), options);
        BootstrapSamples two = ImageBootstrap.Run(Match(scene, EvaluationProtocol.Coco), options);
        Assert.True(PairedComparison.Compare(0, 0, one.AP, two.AP, 0.95) is null or { PValue: 1, Interval: (0, 0) });
    });

    private static MatchSet Match(Scene scene, EvaluationProtocol protocol, int images = Images) =>
        MatchSetBuilder.Build(Truth(scene.Objects, images), new CocoResults("found", scene.Found), protocol, ProtocolDefaults.Create(protocol));

    private static CocoGroundTruth Truth(CocoAnnotation[] objects, int images) =>
        new("scene", [.. Enumerable.Range(0, images).Select(i => (long)i)], Categories, objects);

    // A set in which each image stands as often as it was drawn.
    private static Scene Resample(Scene scene, int[] weights)
    {
        int[] originals = [.. weights.SelectMany((weight, image) => Enumerable.Repeat(image, weight))];
        long id = 1;
        return new Scene(
            [.. originals.SelectMany((original, copy) => scene.Objects.Where(thing => thing.ImageId == original).Select(thing => thing with { Id = id++, ImageId = copy }))],
            [.. originals.SelectMany((original, copy) => scene.Found.Where(found => found.ImageId == original).Select(found => found with { ImageId = copy }))]);
    }
}
