using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting.Sections;

namespace FocalSharp.Reporting.Tests.Sections;

public sealed class NextSectionTests
{
    [Fact]
    public void Names_the_labels_the_error_and_the_threshold()
    {
        // Nine cats found and one find without a label; of two dogs one is never found, which is no evidence about dogs.
        DetectionReport report = Report(
            [.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i)), (2, 5000), (2, 6000)],
            [.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i, 0.9)), (1, 4000, 0.8), (2, 5000, 0.7)]);

        NextStep[] steps = [.. NextStepsSection.GetSteps(report)];

        Assert.Equal(["Check 1 label.", "Reduce missed objects.", "Use a score threshold of 0.70."], steps.Select(step => step.Action));
        Assert.Equal(["labels", "errors", "precision"], steps.Select(step => step.Section));
        Assert.Contains("recall 91 %, precision 91 %", steps[2].Reason, StringComparison.Ordinal); // 10 of 11 and 10 of 11
    }

    [Theory]
    [InlineData(20, 10, 900, 20, "Label more dog objects.")]
    [InlineData(20, 10, 50, 60, "Inspect the class dog.")]
    [InlineData(9, 4, 900, 20, null)] // fewer than ten objects
    [InlineData(20, 20, 900, 20, null)] // all are found
    public void A_class_is_named_only_with_evidence(int dogs, int found, int trainedCats, int trainedDogs, string? expected)
    {
        // One cat or dog an image; every cat is found.
        DetectionReport report = ReportOfImages(
            [.. Enumerable.Range(0, 20).Select(i => (1, true)), .. Enumerable.Range(0, dogs).Select(i => (2, i < found))]);
        report = report with { TrainingObjectCounts = new Dictionary<string, int> { ["cat"] = trainedCats, ["dog"] = trainedDogs } };

        NextStep? step = NextStepsSection.GetSteps(report).FirstOrDefault(step => step.Section == "accuracy");

        Assert.Equal(expected, step?.Action);
        if (expected is not null)
        {
            Assert.Matches("Its AP is 0.5\\d\\d \\(90 % interval 0\\.\\d+ to 0\\.\\d+, 20 objects\\), the mean over classes 0.7\\d\\d", step!.Reason);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0.5, false)]
    [InlineData(1.0, false)]
    [InlineData(1.2, true)]
    public void A_training_that_lowered_AP_comes_first(double? shareOfAP, bool isReported)
    {
        DetectionReport report = Report([(1, 0), (1, 500)], [(1, 0, 0.9)]);

        NextStep first = NextStepsSection.GetSteps(report with { PretrainedAP = shareOfAP * report.Metrics!.AP }).First();

        Assert.Equal(isReported, first.Action == "Keep the initial weights.");
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(0.3, false)]
    public void A_slow_loader_is_reported(double waiting, bool isReported)
    {
        DetectionReport report = Report([(1, 0)], [(1, 0, 0.9)]) with { Phases = new PhaseTimings { Seconds = [waiting, 0, 5, 0, 0, 5] } };

        Assert.Equal(isReported, NextStepsSection.GetSteps(report).Any(step => step.Section == "time"));
    }

    private static DetectionReport ReportOfImages((int Category, bool IsFound)[] images)
    {
        long[] ids = [.. images.Select((_, i) => i + 1L)];
        CocoGroundTruth truth = new("truth", ids, [new(1, "cat"), new(2, "dog")], images.Select((image, i) =>
            new CocoAnnotation(i + 1, i + 1, image.Category, new CocoBox(0, 0, 100, 100), 10000, IsCrowd: false)));
        CocoResults results = new("results", images.Select((image, i) => (image, Id: i + 1)).Where(one => one.image.IsFound)
            .Select(one => new CocoResult(one.Id, one.image.Category, new CocoBox(0, 0, 100, 100), 0.9)));
        return DetectionReport.Create("report", truth, results, CocoEvaluator.Evaluate(truth, results), images: null);
    }

    private static DetectionReport Report((int Category, double X)[] objects, (int Category, double X, double Score)[] detections)
    {
        CocoGroundTruth truth = new("truth", [1], [new(1, "cat"), new(2, "dog")], objects.Select((item, i) =>
            new CocoAnnotation(i + 1, 1, item.Category, new CocoBox(item.X, 0, 100, 100), 10000, IsCrowd: false)));
        CocoResults results = new("results", detections.Select(one => new CocoResult(1, one.Category, new CocoBox(one.X, 0, 100, 100), one.Score)));
        return DetectionReport.Create("report", truth, results, CocoEvaluator.Evaluate(truth, results), images: null);
    }
}
