using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors.Distillation;

public sealed class DistillationCriterionTests : IDisposable
{
    private static readonly string[] Classes = ["cup", "key"];
    private static readonly GflHeadOptions Head = new() { RegMax = 7, Strides = [8, 16, 32] };
    private static readonly GroundTruth[] Truths = [new([8, 8, 60, 50], [0], 64, 64), new([2, 20, 30, 60], [1], 64, 64)];

    private readonly DisposeScope _scope;

    public DistillationCriterionTests()
    {
        LibTorch.EnsureLoaded();
        manual_seed(4);
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(7, 5, 3, 0, new float[] { 0, 0, 0, 1 })] // beyond the student's range
    [InlineData(2, 2, 7, 0, new float[] { 0, 0, 1, 0, 0, 0, 0, 0 })] // the same distance in more bins
    [InlineData(7, 3, 7, 0.5, new float[] { 0, 0, 0, 0.5f, 0.5f, 0, 0, 0 })] // half a stride further from a shifted center
    public void A_bin_keeps_its_distance(int teacherMax, int bin, int studentMax, double centerOffset, float[] expected)
    {
        TeacherHead teacher = new(Classes, [8], teacherMax, 0);
        float[,]? matrix = teacher.GetRebinning(new GflHeadOptions { RegMax = studentMax, CenterOffset = centerOffset }, side: 0);
        Assert.NotNull(matrix);
        Assert.Equal(expected, Enumerable.Range(0, studentMax + 1).Select(other => matrix[bin, other]));
    }

    [Fact]
    public void Equal_bins_need_no_rebinning() => Assert.Null(new TeacherHead(Classes, [8], 7, 0).GetRebinning(Head, side: 2));

    [Theory]
    [InlineData(7, 0)]
    [InlineData(16, 0)]
    [InlineData(7, 0.5)]
    public void A_teacher_of_the_same_distributions_gives_the_least_loss(int regMax, double centerOffset)
    {
        Tensor[] scores = Maps(2);
        Tensor[] sides = Maps(4 * 8);
        Tensor[] taught = Maps(4 * (regMax + 1));
        GflCriterion criterion = new(Head, new GflLossOptions(), 2);
        TeacherHead teacher = new(Classes, Head.Strides, regMax, centerOffset);
        DistillationCriterion distillation = new(Head, Classes, new AtssOptions(), teacher, new DistillationOptions { ClassWeight = 1 });
        HeadOutput output = new(scores, sides);
        using LossTerms terms = criterion.Compute(output, Truths, out HeadTargets targets);
        Assert.True(targets.Count > 0);
        using TeacherOutput other = TeacherOutput.From(new HeadOutput(Maps(2), taught), 2);
        Tensor loss = distillation.Compute(output, targets, Truths, other);
        Assert.True(loss.item<float>() > 0);
        loss.backward();
        Assert.All(sides, map => Assert.NotNull(map.grad));
        if (regMax == 7 && centerOffset == 0)
        {
            using TeacherOutput same = TeacherOutput.From(new HeadOutput(scores, sides), 2);
            Assert.Equal(0, distillation.Compute(output, targets, Truths, same).item<float>(), 5);
        }
    }

    [Fact]
    public void Strides_that_never_meet_are_reported()
    {
        ModelException error = Assert.Throws<ModelException>(
            () => new DistillationCriterion(Head, Classes, new AtssOptions(), new TeacherHead(Classes, [4, 64], 7, 0), new DistillationOptions()));
        Assert.Contains("4, 64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_valuable_region_surrounds_the_positives()
    {
        AnchorGrid grid = AnchorGrid.Create([8, 16, 32], [(8, 8), (4, 4), (2, 2)], 8, 0).ForImage(64, 64);
        AtssAssigner assigner = new();
        HashSet<int> positives = [.. assigner.Assign(grid, Truths[0], default).Anchors];
        IReadOnlyList<(int Anchor, float Weight)> region = ValuableLocalizationRegion.Find(assigner, grid, Truths[0]);
        Assert.NotEmpty(region);
        Assert.All(region, found => Assert.InRange(found.Weight, 0.0001f, 1));
        Assert.Contains(region, found => !positives.Contains(found.Anchor));
    }

    private static Tensor[] Maps(int channels) => [.. new[] { 8, 4, 2 }.Select(size => randn(2, channels, size, size).requires_grad_())];
}
