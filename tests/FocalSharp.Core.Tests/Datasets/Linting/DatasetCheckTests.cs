using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets.Linting;

public sealed class DatasetCheckTests
{
    [Fact]
    public void Counts_splits_classes_and_sizes()
    {
        DetectionDataset set = Set(
            Image(DatasetSplit.Train, (0, 10, 20), (0, 40, 40), (1, 100, 100)), Image(DatasetSplit.Train), Image(DatasetSplit.Val, (1, 200, 100)));
        DatasetReport report = DatasetCheck.Run(set);

        Assert.Equal((3, 4), (report.Images, report.Objects));
        Assert.Equal([new SplitCount(DatasetSplit.Train, 2, 1, 3), new SplitCount(DatasetSplit.Val, 1, 0, 1)], report.Splits);
        Assert.Equal([("a", 2, 1, 0.5), ("b", 2, 2, 0.5), ("c", 0, 0, 0)], report.Classes.Select(item => (item.Name, item.Objects, item.Images, item.Share)));
        Assert.Equal((1, 1), (report.Classes[1].BySplit[DatasetSplit.Train], report.Classes[1].BySplit[DatasetSplit.Val]));

        // Images are 640 wide and the input 320: lengths halve. Areas 200, 1600, 10000, 20000 against 32² and 96².
        Assert.Equal((0.25, 0.25, 0.5), (report.Sizes.Small, report.Sizes.Medium, report.Sizes.Large));
        Assert.Equal((0.5, 0.5, 0.0), (report.Sizes.SmallAtInput, report.Sizes.MediumAtInput, report.Sizes.LargeAtInput));
        Assert.Equal((5, 35, 100), (report.Sizes.Width.Min, report.Sizes.Width.P50, report.Sizes.Width.Max));
    }

    [Theory]
    [InlineData(64, 64, 0)]
    [InlineData(90, 90, 0)]
    [InlineData(91, 91, 1)]
    [InlineData(128, 128, 1)]
    [InlineData(3000, 3000, 4)]
    [InlineData(1, 1, 0)]
    public void A_box_goes_to_the_level_whose_anchor_is_nearest_in_scale(double width, double height, int level) =>
        Assert.Equal(level, RegMaxCheck.FindLevel(width, height, [8, 16, 32, 64, 128], 8));

    [Fact]
    public void Recommends_the_smallest_sufficient_regMax()
    {
        // 300x1.2: scale 18.97, level of stride 8 with anchor 64; half the width is 150 = 18.75 strides.
        RegMaxReport reach = RegMaxCheck.Run([(300, 1.2), (64, 64), (64, 64), (64, 64)], new DatasetCheckOptions());

        Assert.Equal((0.25, 2 / 16.0), (reach.UnreachableBoxFraction, reach.UnreachableSideFraction));
        Assert.Equal((19, 19, 0.0), (reach.SmallestRegMax, reach.Recommendation.RegMax, reach.Recommendation.UnreachableBoxFraction));
        Assert.Contains("regMax 19 is the smallest", reach.Recommendation.Reason, StringComparison.Ordinal);
        Assert.Equal([4, 0, 0, 0, 0], reach.BoxesByLevel);
    }

    [Fact]
    public void Recommends_a_coarser_level_if_no_regMax_is_sufficient()
    {
        // One level of stride 8 reaches 256 px at regMax 32; the box needs 300. With stride 16 its scale is nearer to 128: 18.75 strides.
        RegMaxReport reach = RegMaxCheck.Run([(600, 600)], new DatasetCheckOptions { Strides = [8] });

        Assert.Null(reach.SmallestRegMax);
        Assert.Equal([8, 16], reach.Recommendation.Strides);
        Assert.Equal(19, reach.Recommendation.RegMax);
    }

    [Fact]
    public void Recommends_no_change_for_a_sufficient_setting_and_names_the_smallest()
    {
        RegMaxReport reach = RegMaxCheck.Run([(64, 64)], new DatasetCheckOptions());

        Assert.Equal((0, 4, 16), (reach.UnreachableBoxFraction, reach.SmallestRegMax, reach.Recommendation.RegMax));
        Assert.Contains("regMax 4", reach.Recommendation.Reason, StringComparison.Ordinal);
        Assert.Equal(16, RegMaxCheck.Run([], new DatasetCheckOptions()).Recommendation.RegMax);
    }

    [Fact]
    public void Checks_the_files_on_request()
    {
        using TestFolder folder = new TestFolder().Image("ok.png", 640, 480).Image("wrong.png", 64, 48).Text("text.png", "hello");
        DetectionDataset set = Set([.. new[] { "ok.png", "wrong.png", "text.png", "gone.png" }.Select(name => Image(DatasetSplit.Train) with { FileName = name, Path = folder[name] })]);

        Assert.Equal(
            [("wrong.png", DatasetProblemKind.SizeMismatch), ("text.png", DatasetProblemKind.UnreadableImage), ("gone.png", DatasetProblemKind.MissingImage)],
            DatasetCheck.Run(set, new DatasetCheckOptions { VerifyImages = true }).Problems.Select(problem => (problem.Image, problem.Kind)));
        Assert.Empty(DatasetCheck.Run(set).Problems);
    }

    [Fact]
    public void The_report_has_a_json_form()
    {
        DetectionDataset set = Set(Image(DatasetSplit.Train, (0, 10, 20))) with
        {
            Problems = [new DatasetProblem(DatasetProblemKind.OutsideBox, "a.json", "a.png", 3, "text")],
        };
        JsonElement root = JsonDocument.Parse(DatasetCheck.Run(set).ToJson()).RootElement;

        Assert.Equal(1, root.GetProperty("problemCounts").GetProperty("OutsideBox").GetInt32());
        Assert.Equal("OutsideBox", root.GetProperty("problems")[0].GetProperty("kind").GetString());
        Assert.Equal(3, root.GetProperty("problems")[0].GetProperty("object").GetInt32());
        Assert.Equal("Train", root.GetProperty("splits")[0].GetProperty("split").GetString());
        Assert.Equal(16, root.GetProperty("regMaxReport").GetProperty("recommendation").GetProperty("regMax").GetInt32());
    }

    [Fact]
    public void Invalid_options_are_rejected() =>
        Assert.Throws<OptionException>(() => DatasetCheck.Run(Set(Image(DatasetSplit.Train)), new DatasetCheckOptions { Strides = [] }));

    private static DetectionDataset Set(params DatasetImage[] images) =>
        new() { Name = "set", Classes = ["a", "b", "c"], CategoryIds = [1, 2, 3], Images = images };

    private static DatasetImage Image(DatasetSplit split, params (int Label, float Width, float Height)[] objects) => new()
    {
        Id = 1,
        FileName = "a.png",
        Path = "a.png",
        Width = 640,
        Height = 480,
        Split = split,
        Objects = [.. objects.Select(item => new ObjectAnnotation { Label = item.Label, Box = new Box(0, 0, item.Width, item.Height), Area = item.Width * item.Height })],
    };
}
