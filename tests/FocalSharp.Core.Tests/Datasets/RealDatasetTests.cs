using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class RealDatasetTests
{
    [Fact]
    public void Reads_the_blood_cells_and_drops_their_two_points()
    {
        DetectionDataset cells = DatasetReader.Read(RealData.Require("bccd"));

        Assert.Equal(["Platelets", "RBC", "WBC"], cells.Classes);
        Assert.Equal(364, cells.Images.Count);
        Assert.Equal(4888 - 2, cells.ObjectCount);
        Assert.Equal(205, cells.Select(DatasetSplit.Train).Images.Count);
        Assert.Equal(87, cells.Select(DatasetSplit.Val).Images.Count);
        Assert.Equal(72, cells.Select(DatasetSplit.Test).Images.Count);
        Assert.Equal(
            [361, 4155 - 2, 372],
            Enumerable.Range(0, 3).Select(label => cells.Images.SelectMany(image => image.Objects).Count(item => item.Label == label)));
        Assert.All(cells.Images, image => Assert.Equal((640, 480), (image.Width, image.Height)));
        Assert.Equal(
            [("BloodImage_00338.jpg", DatasetProblemKind.DegenerateBox), ("BloodImage_00343.jpg", DatasetProblemKind.DegenerateBox)],
            cells.Problems.Select(problem => (problem.Image, problem.Kind)));
    }

    [Fact]
    public void Reads_real_coco_annotations_with_crowds_and_all_80_classes()
    {
        DetectionDataset coco = DatasetReader.Read(RealData.Require("coco-val206"));

        Assert.Empty(coco.Problems);
        Assert.Equal(80, coco.Classes.Count);
        Assert.Equal((1, 90), (coco.CategoryIds[0], coco.CategoryIds[^1]));
        Assert.Equal(206, coco.Images.Count);
        Assert.Equal(1786, coco.ObjectCount);
        Assert.Equal(21, coco.Images.SelectMany(image => image.Objects).Count(item => item.IsCrowd));
        Assert.All(coco.Images, image => Assert.Equal(DatasetSplit.Val, image.Split));
    }

    [Theory]
    [InlineData("coco")]
    [InlineData("voc")]
    [InlineData("yolo")]
    public void Every_real_box_survives_a_round_trip(string format)
    {
        DetectionDataset before = DatasetReader.Read(RealData.Require("coco-val206"));
        using TestFolder folder = new();

        DatasetWriteReport report = DatasetWriter.Write(before, DatasetFormats.Get(format), folder.Path);
        DetectionDataset after = DatasetReader.Read(report.EntryPoint);

        Assert.Empty(after.Problems);
        Assert.Equal(206, report.CopiedImages);
        RoundTrip.AssertEqual(before, after, format);
    }

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public void Reads_splits_and_sparse_category_ids_of_the_shapes()
    {
        DetectionDataset shapes = DatasetReader.Read(GoldenData.Require("shapes"));

        Assert.Empty(shapes.Problems);
        Assert.Equal([1, 4, 9], shapes.CategoryIds);
        Assert.All(shapes.Images, image => Assert.Contains(
            image.Split == DatasetSplit.Train ? $"{Path.DirectorySeparatorChar}train" : $"{Path.DirectorySeparatorChar}val", image.Path, StringComparison.Ordinal));
        Assert.Equal(
            Directory.GetFiles(GoldenData.Require("shapes", "train")).Length, shapes.Select(DatasetSplit.Train).Images.Count);
    }

    [Fact]
    public void The_head_covers_all_blood_cells()
    {
        DatasetReport report = DatasetCheck.Run(DatasetReader.Read(RealData.Require("bccd")));

        Assert.Equal(0, report.RegMaxReport.UnreachableBoxFraction);
        Assert.Equal(16, report.RegMaxReport.Recommendation.RegMax);
        Assert.Equal(2, report.ProblemCounts[DatasetProblemKind.DegenerateBox]);
    }
}
