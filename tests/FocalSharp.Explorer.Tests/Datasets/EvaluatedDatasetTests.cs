using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Datasets;

namespace FocalSharp.Explorer.Tests.Datasets;

public sealed class EvaluatedDatasetTests
{
    private static readonly Box Object = new(10, 10, 40, 40);

    // Two files that number their images from 1 make one data set.
    [Fact]
    public void Detections_belong_to_their_image_even_if_image_ids_repeat()
    {
        DetectionDataset dataset = new()
        {
            Name = "merged",
            Classes = ["cat"],
            CategoryIds = [7],
            Images = [Image("a.png"), Image("b.png"), Image("c.png")],
        };
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            IReadOnlyList<IReadOnlyList<Detection>> detections = [[], [new Detection(Object, 0, 0.9f, default)], []];
            CocoGroundTruth truth = CocoGroundTruth.From(dataset);
            CocoResults.From(dataset, [.. truth.ImageIds], detections).Write(path);

            EvaluatedDataset evaluated = EvaluatedDataset.Create(dataset, "val", CocoResults.Read(path, truth));

            Assert.Equal([1, 0, 1], evaluated.Images.Select(image => image.Missed));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static DatasetImage Image(string name) => new()
    {
        Id = 1,
        FileName = name,
        Path = name,
        Width = 64,
        Height = 64,
        Objects = [new ObjectAnnotation { Id = 1, Label = 0, Box = Object, Area = 900 }],
    };
}
