using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting.Sections;

namespace FocalSharp.Reporting.Tests.Sections;

public sealed class NextSectionTests
{
    [Fact]
    public void Names_the_labels_the_class_the_error_and_the_threshold()
    {
        // Nine cats found and one find without a label; of two dogs one is never found.
        DetectionReport report = Report(
            [.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i)), (2, 5000), (2, 6000)],
            [.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i, 0.9)), (1, 4000, 0.8), (2, 5000, 0.7)]);

        NextStep[] steps = [.. NextStepsSection.GetSteps(report with { TrainingObjectCounts = new Dictionary<string, int> { ["cat"] = 900, ["dog"] = 20 } })];

        Assert.Equal(["Check 1 label.", "Label more dog objects.", "Reduce missed errors.", "Use a score threshold of 0.70."], steps.Select(step => step.Action));
        Assert.Equal(["labels", "accuracy", "errors", "precision"], steps.Select(step => step.Section));
        Assert.Contains("It had 20 training objects; the average class had 460.", steps[1].Reason, StringComparison.Ordinal);
        Assert.Contains("recall 91 %, precision 91 %", steps[3].Reason, StringComparison.Ordinal); // 10 of 11 and 10 of 11
    }

    [Fact]
    public void A_class_with_many_objects_is_to_be_inspected()
    {
        DetectionReport report = Report([(1, 0), (2, 500)], [(1, 0, 0.9)]) with { TrainingObjectCounts = new Dictionary<string, int> { ["cat"] = 50, ["dog"] = 60 } };

        Assert.Contains(NextStepsSection.GetSteps(report), step => step.Action == "Inspect the class dog.");
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

    private static DetectionReport Report((int Category, double X)[] objects, (int Category, double X, double Score)[] detections)
    {
        CocoGroundTruth truth = new("truth", [1], [new(1, "cat"), new(2, "dog")], objects.Select((item, i) =>
            new CocoAnnotation(i + 1, 1, item.Category, new CocoBox(item.X, 0, 100, 100), 10000, IsCrowd: false)));
        CocoResults results = new("results", detections.Select(one => new CocoResult(1, one.Category, new CocoBox(one.X, 0, 100, 100), one.Score)));
        return DetectionReport.Create("report", truth, results, CocoEvaluator.Evaluate(truth, results), images: null);
    }
}
