using System.Text.Json;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

/// <summary>Every evaluation of the golden file, and the reference's arrays and matches.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class CocoGoldenTests
{
    private const double Tolerance = 1e-12;

    private static readonly Lazy<CocoGroundTruth> GroundTruth = new(() => CocoGroundTruth.Read(GoldenData.Require("coco", "gt.json")));
    private static readonly Lazy<CocoResults> Results = new(() => CocoResults.Read(GoldenData.Require("coco", "dt.json")));

    [Fact]
    public void Metrics_equal_the_reference()
    {
        foreach (JsonProperty evaluation in Expected().GetProperty("results").RequireElements().EnumerateObject())
        {
            CocoMetrics metrics = Evaluate(evaluation.Name, evaluation.Value);
            CompareSummary(evaluation.Name, metrics, evaluation.Value.GetProperty("stats12"));
            double worst = CompareSlices(metrics.Arrays, null, evaluation.Value.GetProperty("overall"));
            int k = 0;
            foreach (JsonElement category in evaluation.Value.GetProperty("per_category").EnumerateArray())
            {
                Assert.Equal(category.GetProperty("category_id").GetInt32(), metrics.Arrays.Categories[k].Id);
                worst = Math.Max(worst, CompareSlices(metrics.Arrays, k, category));
                k++;
            }

            Assert.Equal(k, metrics.PerClass.Count);
            GoldenReport.Record("core/coco", evaluation.Name, worst, Tolerance);
        }
    }

    [Fact]
    public void Arrays_equal_the_reference()
    {
        Safetensors golden = Safetensors.Load(GoldenData.Require("coco", "default_arrays.safetensors"));
        CocoArrays arrays = CocoEvaluator.Evaluate(GroundTruth.Value, Results.Value).Arrays;
        Compare("precision", arrays.Precision);
        Compare("recall", arrays.Recall);
        Compare("scores", arrays.Scores);

        void Compare(string name, double[] actual)
        {
            double[] expected = golden.Doubles(name);
            Assert.Equal(expected.Length, actual.Length);
            GoldenReport.Record("core/coco-arrays", name, actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max(), Tolerance);
        }
    }

    [Fact]
    public void Matches_equal_the_reference()
    {
        int compared = 0;
        foreach (JsonProperty evaluation in Expected().GetProperty("results").RequireElements().EnumerateObject())
        {
            if (!evaluation.Value.TryGetProperty("matches_sample", out JsonElement samples))
            {
                continue;
            }

            CocoEvaluationOptions options = Options(evaluation.Value);
            Dictionary<(long, int), ImageMatches> all = CocoEvaluator.Match(GroundTruth.Value, Results.Value, options)
                .ToDictionary(matches => (matches.ImageId, matches.CategoryId));
            foreach (JsonElement sample in samples.EnumerateArray())
            {
                CompareMatches(sample, all[(sample.GetProperty("image_id").GetInt64(), sample.GetProperty("category_id").GetInt32())]);
                compared++;
            }
        }

        Assert.NotEqual(0, compared);
    }

    [Fact]
    public void Real_images_evaluate_as_in_the_reference()
    {
        string folder = GoldenData.Require("nanodet-g");
        string truth = RealData.Require("coco-val206", "instances_val2017.json");
        CocoMetrics metrics = CocoEvaluator.EvaluateFiles(truth, Path.Combine(folder, "nanodet-g_coco-val206_results.json"));
        JsonElement stats = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "nanodet-g_coco-val206_stats.json"))).RootElement;
        string[] order = stats.GetProperty("order").GetString()!.Split(' ');
        Assert.Equal(order, metrics.Summary.Select(number => number.Key));
        double[] expected = [.. stats.GetProperty("stats").EnumerateArray().Select(value => value.GetDouble())];

        // The file's numbers are rounded to four digits.
        double worst = metrics.Summary.Zip(expected, (number, value) => Math.Abs(number.Value - value)).Max();
        GoldenReport.Record("core/coco-real", "val206", worst, 5.0001e-5);
    }

    private static void CompareMatches(JsonElement sample, ImageMatches actual)
    {
        long[] detectionIds = [.. actual.Detections.Select(d => d + 1L)];
        long[] truthIds = [.. actual.Truths.Select(g => GroundTruth.Value[g].Id)];
        foreach (JsonProperty property in sample.EnumerateObject())
        {
            int t = property.Name.EndsWith("75", StringComparison.Ordinal) ? 5 : 0;
            long[]? found = property.Name switch
            {
                "image_id" or "category_id" => null,
                "dtIds" => detectionIds,
                "gtIds" => truthIds,
                "gtIgnore" => [.. truthIds.Select((_, place) => place < actual.CountedTruths ? 0L : 1)],
                "dtMatches50" or "dtMatches75" => [.. actual.Matches[t].Select(place => place < 0 ? 0 : truthIds[place])],
                "dtIgnore50" or "dtIgnore75" => [.. actual.Ignored[t].Select(ignored => ignored ? 1L : 0)],
                "gtMatches50" or "gtMatches75" => [.. truthIds.Select((_, place) => LastDetection(place, t))],
                string other => throw new InvalidDataException($"matches_sample has an unknown key {other}."),
            };
            if (found is not null)
            {
                Assert.Equal(property.Value.EnumerateArray().Select(value => value.GetInt64()), found);
            }
        }

        // A crowd may be matched often; the reference keeps the last.
        long LastDetection(int place, int t) => Array.LastIndexOf(actual.Matches[t], place) is int d and >= 0 ? detectionIds[d] : 0;
    }

    private static JsonElement Expected() => JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("coco", "expected.json"))).RootElement;

    private static CocoEvaluationOptions Options(JsonElement evaluation)
    {
        JsonElement parameters = evaluation.GetProperty("params");
        string[] names = [.. parameters.GetProperty("areaRngLbl").EnumerateArray().Select(name => name.GetString()!)];
        return new CocoEvaluationOptions
        {
            MaxDetections = [.. parameters.GetProperty("maxDets").EnumerateArray().Select(n => n.GetInt32())],
            UseCategories = parameters.GetProperty("useCats").GetInt32() == 1,
            AreaRanges = [.. parameters.GetProperty("areaRng").EnumerateArray().Select((range, i) => new AreaRange(names[i], range[0].GetDouble(), range[1].GetDouble()))],
            ImageIds = evaluation.TryGetProperty("imgIds", out JsonElement images) ? [.. images.EnumerateArray().Select(id => id.GetInt64())] : null,
            CategoryIds = evaluation.TryGetProperty("catIds", out JsonElement categories) ? [.. categories.EnumerateArray().Select(id => id.GetInt32())] : null,
            IouThresholds = parameters.TryGetProperty("iouThrs", out JsonElement thresholds)
                ? [.. thresholds.EnumerateArray().Select(value => value.GetDouble())]
                : new CocoEvaluationOptions().IouThresholds,
        };
    }

    private static CocoMetrics Evaluate(string name, JsonElement evaluation)
    {
        CocoGroundTruth truth = GroundTruth.Value;
        IEnumerable<CocoAnnotation> annotations = Enumerable.Range(0, truth.Count).Select(i => truth[i]);
        return name switch
        {
            "no_detections" => CocoEvaluator.Evaluate(truth, new CocoResults("none", []), Options(evaluation)),
            "no_gts" => CocoEvaluator.Evaluate(new CocoGroundTruth("no objects", truth.ImageIds, truth.Categories, []), Results.Value, Options(evaluation)),
            "perfect_all_tied" => CocoEvaluator.Evaluate(truth, new CocoResults("perfect", annotations.Where(a => !a.IsCrowd).Select(
                a => new CocoResult(a.ImageId, a.CategoryId, a.Box, 0.5))), Options(evaluation)),
            _ => CocoEvaluator.Evaluate(truth, Results.Value, Options(evaluation)),
        };
    }

    private static void CompareSummary(string name, CocoMetrics metrics, JsonElement expected)
    {
        double[] actual = [.. metrics.Summary.Select(number => number.Value)];

        // The reference's first number looks for a limit of exactly 100 detections.
        actual[0] = metrics.Arrays.AveragePrecision(maxDetections: 100);
        double[] numbers = [.. expected.EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(numbers.Length, actual.Length);
        GoldenReport.Record("core/coco-summary", name, actual.Zip(numbers, (a, e) => Math.Abs(a - e)).Max(), Tolerance);
    }

    private static double CompareSlices(CocoArrays arrays, int? category, JsonElement slices)
    {
        double worst = 0;
        foreach (JsonProperty slice in slices.EnumerateObject().Where(property => property.Name != "category_id"))
        {
            string[] parts = slice.Name.Split("_maxDets");
            int limit = int.Parse(parts[1]);
            foreach (JsonProperty number in slice.Value.EnumerateObject())
            {
                double actual = number.Name switch
                {
                    "AP" => arrays.AveragePrecision(null, parts[0], limit, category),
                    "AP50" => arrays.AveragePrecision(0.5, parts[0], limit, category),
                    "AP75" => arrays.AveragePrecision(0.75, parts[0], limit, category),
                    "AR" => arrays.AverageRecall(null, parts[0], limit, category),
                    string other => throw new InvalidDataException($"{slice.Name} has an unknown number {other}."),
                };
                worst = Math.Max(worst, Math.Abs(actual - number.Value.GetDouble()));
            }
        }

        return worst;
    }
}
