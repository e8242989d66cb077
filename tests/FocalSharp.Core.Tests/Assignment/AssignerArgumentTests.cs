using FocalSharp.Assignment;

namespace FocalSharp.Core.Tests.Assignment;

/// <summary>Assigners and their inputs refuse wrong arguments with the parameter's name.</summary>
public sealed class AssignerArgumentTests
{
    private static readonly AnchorGrid Grid = AnchorGrid.Create([8], [(8, 8)]);

    private static readonly float[] One = [4, 4, 40, 40];

    // 64 anchors of two classes.
    private static readonly Dictionary<string, (Action Run, string Parameter)> Wrong = new()
    {
        ["grid scale"] = (() => AnchorGrid.Create([8], [(8, 8)], scale: double.NaN), "scale"),
        ["grid scale 0"] = (() => AnchorGrid.Create([8], [(8, 8)], scale: 0), "scale"),
        ["grid offset"] = (() => AnchorGrid.Create([8], [(8, 8)], centerOffset: double.PositiveInfinity), "centerOffset"),
        ["grid of too many anchors"] = (() => AnchorGrid.Create([8], [(int.MaxValue, int.MaxValue)]), "sizes"),
        ["assignment anchors"] = (() => _ = new AnchorAssignment(null!, [], [], []), "anchors"),
        ["assignment objects"] = (() => _ = new AnchorAssignment([1], null!, [0], [1]), "groundTruths"),
        ["assignment labels"] = (() => _ = new AnchorAssignment([1], [0], null!, [1]), "labels"),
        ["assignment overlaps"] = (() => _ = new AnchorAssignment([1], [0], [0], null!), "overlaps"),
        ["assignment negative"] = (() => _ = new AnchorAssignment([-1], [0], [0], [1]), "anchors"),
        ["dense too small"] = (() => new AnchorAssignment([5], [0], [0], [1]).ToDense(5), "anchorCount"),
        ["dense ignored"] = (() => new AnchorAssignment([], [], [], [], [7]).ToDense(7), "anchorCount"),
        ["dense negative"] = (() => AnchorAssignment.Empty.ToDense(-1), "anchorCount"),
        ["ignored boxes"] = (() => _ = new GroundTruth(One, [0], 64, 64) { IgnoredBoxes = null! }, "IgnoredBoxes"),
        ["atss ignored"] = (() => new AtssAssigner().Assign(Grid, One, [0], [float.NaN, 0, 1, 1]), "ignoredBoxes"),
        ["atss ignored inverted"] = (() => new AtssAssigner().Assign(Grid, One, [0], [9, 9, 1, 1]), "ignoredBoxes"),
        ["atss threshold"] = (() => _ = new AtssAssigner(new AtssOptions { IgnoreIofThreshold = double.NaN }), "options"),
        ["soft label factor"] = (() => _ = new DynamicSoftLabelAssigner(new() { IouFactor = double.PositiveInfinity }), "options"),
    };

    private static readonly Dictionary<string, Func<IAssigner>> OfPredictions = new()
    {
        ["dynamicSoftLabel"] = () => new DynamicSoftLabelAssigner(),
        ["simOta"] = () => new SimOtaAssigner(),
        ["taskAligned"] = () => new TaskAlignedAssigner(),
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    public static TheoryData<string> Assigners => [.. OfPredictions.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wrong_arguments_are_named(string name) =>
        Assert.Equal(Wrong[name].Parameter, Assert.ThrowsAny<ArgumentException>(Wrong[name].Run).ParamName);

    [Theory]
    [MemberData(nameof(Assigners))]
    public void Predictions_that_do_not_fit_the_grid_are_named(string name)
    {
        IAssigner assigner = OfPredictions[name]();

        AssertNamed("logits", "[C, 64], one row per class, but there are 129 values", () => assigner.Assign(Grid, Truth(0), new AnchorPredictions(new float[129], new float[256])));
        AssertNamed("logits", "but there are 0 values", () => assigner.Assign(Grid, Truth(0), default));
        AssertNamed("predicted", "[64, 4], but there are 20 values", () => assigner.Assign(Grid, Truth(0), new AnchorPredictions(new float[128], new float[20])));
        AssertNamed("boxes", "2 labels need 8 box coordinates, but there are 4", () => assigner.Assign(Grid, Truth(0, 1), new AnchorPredictions(new float[128], new float[256])));
        AssertNamed("labels", "label 2", () => assigner.Assign(Grid, Truth(2), new AnchorPredictions(new float[128], new float[256])));
    }

    [Fact]
    public void An_image_larger_than_the_grid_leaves_all_anchors_valid() => Assert.Equal(64, Grid.ForImage(int.MaxValue, int.MaxValue).ValidCount);

    private static GroundTruth Truth(params int[] labels) => new(One, labels, 64, 64);

    private static void AssertNamed(string parameter, string part, Action run)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(run);

        Assert.Equal(parameter, error.ParamName);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
