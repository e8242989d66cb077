using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class DatasetFormatsTests
{
    [Fact]
    public void A_custom_format_is_written_read_and_converted()
    {
        using TestFolder source = new TestFolder().Image("a.png", 100, 80);
        using TestFolder csv = new();
        using TestFolder voc = new();
        DetectionDataset before = new()
        {
            Name = "set",
            Classes = ["cat", "dog"],
            CategoryIds = [1, 2],
            Images =
            [
                new DatasetImage
                {
                    Id = 1, FileName = "a.png", Path = source["a.png"], Width = 100, Height = 80,
                    Objects = [new() { Label = 0, Box = new Box(1, 2, 30, 40), IsCrowd = true }, new() { Label = 1, Box = new Box(5, 6, 70, 80) }],
                },
            ],
        };

        DatasetWriteReport report = DatasetWriter.Write(before, new CsvFormat(), csv.Path);
        DetectionDataset read = DatasetReader.Read(report.EntryPoint, new DatasetReadOptions { Formats = [new CsvFormat(), .. DatasetFormats.All] });
        DetectionDataset converted = DatasetReader.Read(DatasetWriter.Write(read, DatasetFormats.Voc, voc.Path).EntryPoint);

        Assert.Contains("1 crowd objects were written as ordinary objects: CSV has no crowd flag.", report.Warnings);
        Assert.Empty(read.Problems);
        Assert.Equal(["cat", "dog"], converted.Classes);
        Assert.Equal(
            [(0, new Box(1, 2, 30, 40)), (1, new Box(5, 6, 70, 80))],
            Assert.Single(converted.Images).Objects.Select(item => (item.Label, item.Box)));
    }

    [Fact]
    public void Boxes_of_a_custom_format_are_validated_like_those_of_any_other()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png", 100, 80)
            .Text("boxes.csv", "a.png,cat,1,2,300,40\na.png,cat,9,9,9,9\nb.png,cat,1,2,3,4\n");

        DetectionDataset read = DatasetReader.Read(folder.Path, new DatasetReadOptions { Format = new CsvFormat() });

        Assert.Equal(new Box(1, 2, 100, 40), Assert.Single(Assert.Single(read.Images).Objects).Box);
        Assert.Equal(
            [DatasetProblemKind.MissingImage, DatasetProblemKind.DegenerateBox, DatasetProblemKind.OutsideBox],
            read.Problems.Select(problem => problem.Kind).Order());
    }

    [Fact]
    public void A_registered_format_is_detected_until_it_is_removed()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png", 100, 80).Text("boxes.csv", "a.png,cat,1,2,30,40\n");
        CsvFormat format = new();

        DatasetFormats.Register(format);
        try
        {
            Assert.Same(format, DatasetFormats.Get("CSV"));
            Assert.Equal(["cat"], DatasetReader.Read(folder.Path).Classes);
            Assert.Throws<ArgumentException>(() => DatasetFormats.Register(new CsvFormat()));
        }
        finally
        {
            Assert.True(DatasetFormats.Unregister(format));
        }

        Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path));
    }

    [Fact]
    public void An_unknown_format_is_rejected_with_the_known_names()
    {
        OptionException error = Assert.Throws<OptionException>(() => DatasetFormats.Get("pdf"));

        Assert.Contains("coco", error.Message, StringComparison.Ordinal);
        Assert.Contains("'pdf'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_that_returns_an_invalid_label_is_named()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png", 100, 80).Text("boxes.csv", "a.png,cat,1,2,30,40\n");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => DatasetReader.Read(folder.Path, new DatasetReadOptions { Format = new CsvFormat { LabelOffset = 1 } }));

        Assert.Contains("label 1", error.Message, StringComparison.Ordinal);
    }

    private sealed class CsvFormat : IDatasetFormat
    {
        public string Name => "csv";

        public string DisplayName => "CSV";

        public string SearchDescription => "boxes.csv";

        public DatasetFeatures Features => DatasetFeatures.None;

        public int LabelOffset { get; init; }

        public string GetImageFolder(DatasetSplit split) => "images";

        public RawDataset? TryRead(DatasetSource source)
        {
            string file = Path.Combine(source.Path, "boxes.csv");
            if (source.IsFile || !File.Exists(file))
            {
                return null;
            }

            RawDataset raw = new(source.Path) { BoxLayout = BoxLayout.Corners };
            string[][] lines = [.. File.ReadAllLines(file).Select(line => line.Split(','))];
            string[] classes = [.. lines.Select(parts => parts[1]).Distinct().Order(StringComparer.Ordinal)];
            raw.Classes = classes;
            foreach (IGrouping<string, string[]> group in lines.GroupBy(parts => parts[0]))
            {
                RawImage image = new() { File = "boxes.csv", FileName = group.Key, Path = raw.Root.Resolve(Path.Combine(source.Path, "images"), group.Key)! };
                foreach (string[] parts in group)
                {
                    double[] box = [.. parts[2..].Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
                    image.Boxes.Add(new RawBox
                    {
                        Label = Array.IndexOf(classes, parts[1]) + LabelOffset,
                        X1 = box[0],
                        Y1 = box[1],
                        X2 = box[2],
                        Y2 = box[3],
                        Position = image.Boxes.Count,
                    });
                }

                raw.Images.Add(image);
            }

            return raw;
        }

        public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
        {
            AtomicFile.WriteText(Path.Combine(folder, "boxes.csv"), string.Concat(images.SelectMany(image => image.Source.Objects.Select(item => string.Create(
                CultureInfo.InvariantCulture, $"{image.Name},{dataset.Classes[item.Label]},{item.Box.X1},{item.Box.Y1},{item.Box.X2},{item.Box.Y2}\n")))));
            return folder;
        }
    }
}
