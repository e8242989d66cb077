using FocalSharp.Assignment;
using FocalSharp.Checkpoints;
using FocalSharp.Decoding;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loading;
using FocalSharp.Training.Tests.Runs.Support;
using FocalSharp.Training.Trainers;
using FocalSharp.Training.Trainers.Faults;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Trainers;

public sealed class FaultExaminerTests : IDisposable
{
    private static readonly string[] Names = ["a.jpg", "b.jpg"];
    private static readonly string[] Classes = ["cat", "dog"];

    private readonly TemporaryFolder _temporary = new();
    private readonly GflDetector _model;

    public FaultExaminerTests()
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
        FaultReport report = FaultExaminer.Examine(_model, Batch([10, 10, 40, 40], [5, 5, 60, 60]));

        Assert.True(double.IsFinite(report.Loss) && report.Loss > 0);
        Assert.True(double.IsFinite(report.GradientNorm) && report.GradientNorm > 0);
        Assert.Empty(report.BadWeights);
        Assert.Empty(report.BadOutputs);
        Assert.Empty(report.BadGradients);
        Assert.Empty(report.BadTargets);
    }

    [Fact]
    public void A_poisoned_box_is_found_with_its_image_level_and_loss()
    {
        // The second image's second box reaches so far that its area overflows.
        FaultReport report = FaultExaminer.Examine(_model, Batch([10, 10, 40, 40], [5, 5, 30, 30, -3e38f, -3e38f, 3e38f, 3e38f]));

        Assert.False(double.IsFinite(report.Loss));
        FaultFinding worst = report.Findings[0];
        Assert.Equal(1, worst.Image);
        Assert.Equal(1, worst.BoxIndex);
        Assert.False(double.IsFinite(worst.Value));
        Assert.Contains(worst.Stride, report.Strides);
        string cause = report.Describe(Names, Classes);
        Assert.Contains("image 1 (b.jpg), box 1 'dog'", cause, StringComparison.Ordinal);
        Assert.Contains($"{FaultReport.NameOf(worst.Component)} ", cause, StringComparison.Ordinal);
        Assert.Contains($"at stride {worst.Stride}", cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_no_number_is_named()
    {
        FaultReport report = FaultExaminer.Examine(_model, Batch([10, 10, float.NaN, 40], [5, 5, 30, 30]));

        Assert.Single(report.BadTargets);
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

        FaultReport report = FaultExaminer.Examine(_model, Batch([10, 10, 40, 40], [5, 5, 60, 60]));

        Assert.Equal(Poisoned, Assert.Single(report.BadWeights));
        Assert.Equal(report.Strides, report.BadOutputs);
        Assert.StartsWith("weights that are not finite: " + Poisoned, report.Describe(Names, Classes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_batch_replays_as_it_was()
    {
        TrainingBatch batch = Batch([10, 10, 40, 40], [5, 5, 30, 30, 20, 20, 60, 60]);
        _model.train();
        FaultReport report = FaultExaminer.Examine(_model, batch);
        string path = _temporary.In("fault.safetensors");
        StepRecord step = new(0, 7, 1, 2, 3, 4, 0.1, 0, 2, 0, 0, Skipped: true);
        using GflDetector same = new(_model.Options);
        same.train();
        FaultFile.Save(path, same, new StepFault(FaultKind.LossExploded, step, 0.5, batch, Names, report, "cause"));

        (GflDetector model, FaultFile file) = FaultFile.Read(path);
        using GflDetector owned = model;
        FaultReport again = FaultExaminer.Examine(model, file.Batch);

        using GflDetector fresh = new(_model.Options);
        FaultReport expected = FaultExaminer.Examine(fresh, batch);
        Assert.Equal(expected.Levels.Values.SelectMany(level => level), again.Levels.Values.SelectMany(level => level));
        Assert.Equal(batch.Pixels, file.Batch.Pixels);
        Assert.Equal(Names, file.Names);
        Assert.Contains("step 8 (epoch 1): the loss exploded: 6 where 0.5 is usual", file.Headline, StringComparison.Ordinal);
        Assert.Equal(64, file.PictureOf(1).Width);
        Assert.Equal(batch.Pixels[(3 * 64 * 64) + 5], file.PictureOf(1).Row(0)[3 * 5]);
    }

    [Theory]
    [InlineData("batch.frames")]
    [InlineData("batch.labels")]
    public void A_file_without_all_of_a_batch_is_told(string missing)
    {
        string path = _temporary.In("fault.safetensors");
        TrainingBatch batch = Batch([10, 10, 40, 40], [5, 5, 30, 30]);
        FaultFile.Save(path, _model, new StepFault(FaultKind.LossNotFinite, default, 0, batch, Names, FaultExaminer.Examine(_model, batch), ""));
        StateDict whole = SafetensorsFile.Read(path);
        SafetensorsFile.Write(path, whole.Where(entry => entry.Key != missing), whole.Metadata);

        Assert.Contains("cannot be understood", Assert.Throws<UserErrorException>(() => FaultFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static TrainingBatch Batch(float[] first, float[] second)
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 3 * 64 * 64).Select(i => (byte)(i * 37))];
        GroundTruth[] targets = [.. new[] { first, second }.Select(boxes => new GroundTruth(boxes, [.. Enumerable.Repeat(1, boxes.Length / 4)], 64, 64))];
        return new TrainingBatch(pixels, 64, 64, [new ImageFrame(64, 64), new ImageFrame(64, 64)], targets, [0, 1]);
    }
}
