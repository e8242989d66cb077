using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class DatasetWriterTests
{
    private const int Width = 641;
    private const int Height = 479;

    private static readonly Gen<ObjectAnnotation> Annotation =
        from x in Gen.Float[0, Width - 1]
        from y in Gen.Float[0, Height - 1]
        from w in Gen.Float[0.05f, Width]
        from h in Gen.Float[0.05f, Height]
        from label in Gen.Int[0, 2]
        from flags in Gen.Int[0, 15]
        select new ObjectAnnotation
        {
            Label = label,
            Box = new Box(x, y, Math.Min(x + w, Width), Math.Min(y + h, Height)),
            Area = Math.Round(w * h, 3),
            IsCrowd = (flags & 1) != 0,
            IsIgnored = (flags & 2) != 0,
            IsDifficult = (flags & 4) != 0,
            SideBlur = (flags & 8) != 0 ? new SideValues(x, 0, w, 1.5f) : null,
        };

    private static readonly Gen<(DatasetSplit Split, ObjectAnnotation[] Objects)[]> Images =
        Gen.Select(Gen.Enum<DatasetSplit>(), Annotation.Array[0, 5]).Array[1, 6];

    [Theory]
    [InlineData("coco")]
    [InlineData("voc")]
    [InlineData("yolo")]
    [InlineData("labelme")]
    [InlineData("cvat")]
    [InlineData("labelstudio")]
    [InlineData("createml")]
    public void A_round_trip_preserves_boxes_splits_classes_and_empty_images(string format)
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        Images.Sample(
            images =>
            {
                using TestFolder target = new();
                DetectionDataset before = Set(source, images);
                DatasetWriteReport report = DatasetWriter.Write(before, DatasetFormats.Get(format), target.Path);
                DetectionDataset after = DatasetReader.Read(report.EntryPoint);

                // Label Studio's tasks have predictions, which are read as objects under a warning.
                Assert.DoesNotContain(after.Problems, problem => format != "labelstudio" || problem.Kind != DatasetProblemKind.NonStandard);
                Assert.Equal((images.Length, before.ObjectCount), (report.Images, report.Objects));
                RoundTrip.AssertEqual(before, after, format);
            },
            iter: 25);
    }

    [Fact]
    public void Lists_what_a_format_cannot_store()
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        ObjectAnnotation item = new() { Label = 0, Box = new Box(0, 0, 9, 9), Area = 40, IsCrowd = true, IsIgnored = true, IsDifficult = true, SideBlur = default(SideValues) };
        DetectionDataset set = Set(source, [(DatasetSplit.Train, [item])]) with { CategoryIds = [4, 5, 9] };

        Assert.Empty(Losses("coco"));
        Assert.Equal(5, Losses("voc").Count);
        Assert.Equal(6, Losses("yolo").Count);
        Assert.Contains(Losses("yolo"), loss => loss.Contains("crowd", StringComparison.Ordinal));

        IReadOnlyList<string> Losses(string format)
        {
            using TestFolder target = new();
            return DatasetWriter.Write(set, DatasetFormats.Get(format), target.Path).Warnings;
        }
    }

    [Fact]
    public void Crowds_are_removed_on_request()
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        using TestFolder target = new();
        ObjectAnnotation item = new() { Label = 0, Box = new Box(0, 0, 9, 9), Area = 81 };
        DetectionDataset set = Set(source, [(DatasetSplit.Train, [item, item with { IsCrowd = true }])]);

        DatasetWriteReport report = DatasetWriter.Write(set, DatasetFormats.Yolo, target.Path, new DatasetWriteOptions { DropCrowd = true });

        Assert.Equal((1, 1), (report.Objects, DatasetReader.Read(report.EntryPoint).ObjectCount));
    }

    [Theory]
    [InlineData("voc")]
    [InlineData("yolo")]
    [InlineData("labelme")]
    [InlineData("cvat")]
    [InlineData("labelstudio")]
    [InlineData("createml")]
    public void Images_of_one_stem_do_not_share_their_labels(string format)
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height).Image("a.jpg", Width, Height).Image("x/a.png", Width, Height);
        using TestFolder target = new();
        ObjectAnnotation item = new() { Label = 0, Box = new Box(0, 0, 9, 9), Area = 81 };
        DetectionDataset set = Set(source, [(DatasetSplit.Val, [item]), (DatasetSplit.Val, []), (DatasetSplit.Val, [item, item])]);
        string[] names = ["a.png", "a.jpg", "x/../../a.png"];
        set = set with { Images = [.. set.Images.Select((image, i) => image with { FileName = names[i] })] };

        DetectionDataset after = DatasetReader.Read(DatasetWriter.Write(set, DatasetFormats.Get(format), target.Path).EntryPoint);

        Assert.Equal([0, 1, 2], after.Images.Select(image => image.Objects.Count).Order());
        Assert.All(after.Images, image => Assert.StartsWith(target.Path, image.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("coco")]
    [InlineData("voc")]
    [InlineData("yolo")]
    [InlineData("labelme")]
    [InlineData("cvat")]
    [InlineData("labelstudio")]
    [InlineData("createml")]
    public void Unusual_class_names_are_preserved(string format)
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        using TestFolder target = new();
        DetectionDataset set = Set(source, [(DatasetSplit.Train, [])]) with { Classes = ["null", "a: <b> & \"c\" #d", "Übergröße 熊猫"] };

        Assert.Equal(set.Classes, DatasetReader.Read(DatasetWriter.Write(set, DatasetFormats.Get(format), target.Path).EntryPoint).Classes);
    }

    [Fact]
    public void Rejects_a_folder_that_is_not_empty_unless_overwriting()
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        using TestFolder target = new TestFolder().Text("mine.txt", "precious");
        DetectionDataset set = Set(source, [(DatasetSplit.Train, [])]);

        Assert.Throws<DatasetException>(() => DatasetWriter.Write(set, DatasetFormats.Voc, target.Path));
        Assert.ThrowsAny<FocalSharpException>(() => DatasetWriter.Write(set, DatasetFormats.Voc, target["mine.txt"]));
        DatasetWriter.Write(set, DatasetFormats.Voc, target.Path, new DatasetWriteOptions { Overwrite = true });
        Assert.Equal("precious", File.ReadAllText(target["mine.txt"]));
    }

    [Fact]
    public void Writes_annotations_only_on_request()
    {
        using TestFolder source = new TestFolder().Image("a.png", Width, Height);
        using TestFolder target = new();
        DatasetWriteReport report = DatasetWriter.Write(
            Set(source, [(DatasetSplit.Train, [])]), DatasetFormats.Coco, target.Path, new DatasetWriteOptions { CopyImages = false });

        Assert.Equal((0, false), (report.CopiedImages, Directory.Exists(target["images"])));
        Assert.Single(DatasetReader.Read(target.Path, new DatasetReadOptions { RequireImages = false }).Images);
    }

    private static DetectionDataset Set(TestFolder source, (DatasetSplit Split, ObjectAnnotation[] Objects)[] images)
    {
        long id = 0;
        return new DetectionDataset
        {
            Name = "set",
            Classes = ["one", "two", "three"],
            CategoryIds = [1, 2, 3],
            Images =
            [
                .. images.Select((image, i) => new DatasetImage
                {
                    Id = i + 10,
                    FileName = $"{i}.png",
                    Path = source["a.png"],
                    Width = Width,
                    Height = Height,
                    Split = image.Split,
                    Objects = [.. image.Objects.Select(item => item with { Id = ++id })],
                }),
            ],
        };
    }
}
