namespace FocalSharp.Core.Tests.Golden;

/// <summary>
/// The golden set of the repository contains what parity rests on, so that every clone compares each loss, the assignment, the
/// decoding and the head loss with the official implementations.
/// </summary>
public sealed class SmallGoldenSetTests
{
    private const long MaxBytes = 300_000;

    [Theory]
    [InlineData("losses", "qfl_mmdet", "quality_focal_loss")]
    [InlineData("losses", "qfl_mmdet", "quality_focal_loss_with_prob (GFLv2: pred is a probability)")]
    [InlineData("losses", "qfl_mmdet", "quality_focal_loss_tensor_target (target is (N,C) soft one-hot)")]
    [InlineData("losses", "qfl_gfocal1", "quality_focal_loss (GFocal v1 repo)")]
    [InlineData("losses", "dfl", "distribution_focal_loss")]
    [InlineData("losses", "box", "IoULoss:log")]
    [InlineData("losses", "box", "IoULoss:linear")]
    [InlineData("losses", "box", "IoULoss:square")]
    [InlineData("losses", "box", "GIoULoss")]
    [InlineData("losses", "box", "DIoULoss")]
    [InlineData("losses", "box", "CIoULoss")]
    [InlineData("losses", "box_gfocal1", "GIoULoss (GFocal v1 repo)")]
    [InlineData("losses", "box_gfocal1", "IoULoss (GFocal v1 repo)")]
    [InlineData("losses", "focal", "sigmoid_focal_loss")]
    [InlineData("losses", "focal", "varifocal_loss")]
    [InlineData("losses", "kd", "knowledge_distillation_kl_div_loss")]
    [InlineData("losses", "geometry", "bbox_overlaps")]
    [InlineData("losses", "geometry", "Integral")]
    [InlineData("atss", "atss", "ATSSAssigner.assign")]
    [InlineData("predict", "c3_max10", "GFLHead.predict_by_feat")]
    [InlineData("head_loss", "c5_regmax7", "GFLHead.loss_by_feat")]
    public void It_has_a_case_of(string folder, string file, string function) => Assert.Contains(
        GoldenFile.Read(Path.Combine(GoldenData.SmallRoot, folder, file + ".json")).Cases, golden => golden.Function == function);

    [Fact]
    public void It_is_small() => Assert.InRange(
        Directory.EnumerateFiles(GoldenData.SmallRoot, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, MaxBytes);

    [Fact]
    public void Golden_tests_read_it()
    {
        Assert.Equal(Path.Combine(GoldenData.SmallRoot, "losses"), GoldenData.RequireEach("losses")[0]);
        Assert.NotEmpty(GoldenFile.Require("losses", "dfl").Cases);
        Assert.NotEmpty(GoldenFile.RequireAll("head_loss"));
    }
}
