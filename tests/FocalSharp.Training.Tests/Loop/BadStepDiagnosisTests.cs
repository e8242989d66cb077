using FocalSharp.Assignment;
using FocalSharp.Checkpoints;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Tests.Runs.Support;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

public sealed class BadStepDiagnosisTests : IDisposable
{
    private static readonly string[] Names = ["a.jpg", "b.jpg"];
    private static readonly string[] Classes = ["cat", "dog"];

    private readonly TemporaryFolder _temporary = new();
    private readonly GflDetector _model;

    public BadStepDiagnosisTests()
    {
        LibTorch.EnsureLoaded();
        _model = new GflDetector(TinyRecipe.Create().Model with { Classes = Classes });
    }

    public void Dispose()
    {
        _model.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void A_sound_batch_has_finite_parts_that_sum_to_its_loss()
    {
        BadStepReport report = BadStepDiagnosis.Diagnose(_model, Batch([10, 10, 40, 40], [5, 5, 60, 60]));

        Assert.True(double.IsFinite(report.Loss) && report.Loss > 0);
        Assert.True(double.IsFinite(report.GradientNorm) && report.GradientNorm > 0);
        Assert.Empty(report.NonFiniteWeights);
        Assert.Empty(report.NonFiniteOutputStrides);
        Assert.Empty(report.NonFiniteGradients);
        Assert.Empty(report.InvalidTargets);
    }

    [Fact]
    public void A_poisoned_box_is_found_with_its_image_level_and_loss()
    {
        // The second image's second box reaches so far that its area overflows.
        BadStepReport report = BadStepDiagnosis.Diagnose(_model, Batch([10, 10, 40, 40], [5, 5, 30, 30, -3e38f, -3e38f, 3e38f, 3e38f]));

        Assert.False(double.IsFinite(report.Loss));
        BadStepFinding worst = report.Findings[0];
        Assert.Equal(1, worst.Image);
        Assert.Equal(1, worst.BoxIndex);
        Assert.False(double.IsFinite(worst.Value));
        Assert.Contains(worst.Stride, report.Strides);
        string cause = report.Describe(Names, Classes);
        Assert.Contains("image 1 (b.jpg), box 1 'dog'", cause, StringComparison.Ordinal);
        Assert.Contains($"{BadStepReport.GetName(worst.Component)} ", cause, StringComparison.Ordinal);
        Assert.Contains($"at stride {worst.Stride}", cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_no_number_is_named()
    {
        BadStepReport report = BadStepDiagnosis.Diagnose(_model, Batch([10, 10, float.NaN, 40], [5, 5, 30, 30]));

        Assert.Single(report.InvalidTargets);
        Assert.Equal("image 0, box 0 [10, 10, NaN, 40] is not finite (a.jpg)", report.Describe(Names, Classes));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_named_instead_of_innocent_images()
    {
        const string Poisoned = "bbox_head.gfl_cls.bias";
        using (no_grad())
        {
            _model.state_dict()[Poisoned].fill_(float.NaN);
        }

        BadStepReport report = BadStepDiagnosis.Diagnose(_model, Batch([10, 10, 40, 40], [5, 5, 60, 60]));

        Assert.Equal(Poisoned, Assert.Single(report.NonFiniteWeights));
        Assert.Equal(report.Strides, report.NonFiniteOutputStrides);
        Assert.StartsWith("weights are not finite: " + Poisoned, report.Describe(Names, Classes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_batch_replays_as_it_was()
    {
        TrainingBatch batch = Batch([10, 10, 40, 40], [5, 5, 30, 30, 20, 20, 60, 60]);
        _model.train();
        BadStepReport report = BadStepDiagnosis.Diagnose(_model, batch);
        string path = _temporary.In("fault.safetensors");
        StepMetrics step = new(0, 7, 1, 2, 3, 4, 0.1, 0, 2, 0, 0, Skipped: true);
        using GflDetector same = new(_model.Options);
        same.train();
        BadStepFile.Save(path, same, new BadStep(BadStepKind.LossExploded, step, 0.5, batch, Names, report, "cause"));

        (GflDetector model, BadStepFile file) = BadStepFile.Read(path);
        using GflDetector owned = model;
        BadStepReport again = BadStepDiagnosis.Diagnose(model, file.Batch);

        using GflDetector fresh = new(_model.Options);
        BadStepReport expected = BadStepDiagnosis.Diagnose(fresh, batch);
        Assert.Equal(expected.LossesByLevel.Values.SelectMany(level => level), again.LossesByLevel.Values.SelectMany(level => level));
        Assert.Equal(batch.Pixels, file.Batch.Pixels);
        Assert.Equal(Names, file.ImageNames);
        Assert.Contains("step 8 (epoch 1): the loss exploded: 6, average 0.5", file.Summary, StringComparison.Ordinal);
        Assert.Equal(64, file.GetImage(1).Width);
        Assert.Equal(batch.Pixels[(3 * 64 * 64) + 5], file.GetImage(1).Row(0)[3 * 5]);
    }

    [Theory]
    [InlineData("batch.frames")]
    [InlineData("batch.labels")]
    public void A_file_without_a_part_of_its_batch_is_reported(string missing)
    {
        string path = _temporary.In("fault.safetensors");
        TrainingBatch batch = Batch([10, 10, 40, 40], [5, 5, 30, 30]);
        BadStepFile.Save(path, _model, new BadStep(BadStepKind.NonFiniteLoss, default, 0, batch, Names, BadStepDiagnosis.Diagnose(_model, batch), ""));
        StateDict whole = SafetensorsFile.Read(path);
        SafetensorsFile.Write(path, whole.Where(entry => entry.Key != missing), whole.Metadata);

        Assert.Contains("cannot be parsed", Assert.Throws<FileException>(() => BadStepFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static TrainingBatch Batch(float[] first, float[] second)
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 3 * 64 * 64).Select(i => (byte)(i * 37))];
        GroundTruth[] targets = [.. new[] { first, second }.Select(boxes => new GroundTruth(boxes, [.. Enumerable.Repeat(1, boxes.Length / 4)], 64, 64))];
        return new TrainingBatch(pixels, 64, 64, [new ResizeTransform(64, 64), new ResizeTransform(64, 64)], targets, [0, 1]);
    }
}
