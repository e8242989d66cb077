using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Tests.Support;
using Microsoft.ML;

namespace FocalSharp.MLNet.Tests;

/// <summary>Pipelines of ML.NET with a detector whose answers can be computed from its images.</summary>
public sealed class DetectObjectsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(seed: 0);
    private readonly string _model;

    public DetectObjectsTests()
    {
        _model = Path.Combine(_folder.Path, "model.onnx");
        File.WriteAllBytes(_model, TestModels.Echo().ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_column_of_paths_gets_the_detections_of_each_file()
    {
        PathRow[] rows = [.. Enumerable.Range(0, 5).Select(i => new PathRow { Image = Save(i) })];
        ITransformer model = _context.Transforms.DetectObjects(_model).Fit(Read(rows));
        DetectedObjects[] found = [.. _context.Data.CreateEnumerable<DetectedObjects>(model.Transform(Read(rows)), reuseRowObject: false)];
        Assert.Equal(5, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            AssertExpected(Create(i), found[i]);
        }
    }

    [Fact]
    public void A_column_of_encoded_images_gets_the_detections_of_each()
    {
        byte[] png = File.ReadAllBytes(Save(3));
        BytesRow[] bytes = [new BytesRow { Photo = png }];
        ITransformer model = _context.Transforms.DetectObjects(_model, "Photo").Fit(Read(bytes));
        AssertExpected(Create(3), Assert.Single(_context.Data.CreateEnumerable<DetectedObjects>(model.Transform(Read(bytes)), reuseRowObject: false)));
    }

    [Fact]
    public void A_saved_model_contains_the_detector_and_its_options()
    {
        PathRow[] rows = [new PathRow { Image = Save(7) }];
        ITransformer model = _context.Transforms.DetectObjects(_model, options: new ObjectDetectionOptions { MaxDetections = 1 }).Fit(Read(rows));
        string zip = Path.Combine(_folder.Path, "model.zip");
        Runtime.Detections expected = Detect(Create(7));
        _context.Model.Save(model, Read(rows).Schema, zip);
        File.Delete(_model);

        MLContext other = new();
        ITransformer loaded = other.Model.Load(zip, out DataViewSchema schema);
        Assert.Equal("Image", Assert.Single(schema).Name);
        using PredictionEngine<PathRow, DetectedObjects> engine = other.Model.CreatePredictionEngine<PathRow, DetectedObjects>(loaded);
        DetectedObjects found = engine.Predict(rows[0]);
        Assert.Equal(1, found.Count);
        Assert.Equal(["dog"], found.Labels);
        Assert.Equal([expected[0].Deviation.Left, expected[0].Deviation.Top, expected[0].Deviation.Right, expected[0].Deviation.Bottom], found.Deviations);
    }

    [Fact]
    public void Only_the_columns_of_the_detections_are_added()
    {
        PathRow[] rows = [new PathRow { Image = Save(1) }];
        IDataView found = _context.Transforms.DetectObjects(_model).Fit(Read(rows)).Transform(Read(rows));
        Assert.Equal(["Image", "Boxes", "Scores", "Labels", "Deviations"], found.Schema.Select(column => column.Name));
    }

    [Fact]
    public void Wrong_columns_and_files_are_reported()
    {
        NumberRow[] rows = [new NumberRow()];
        Assert.Contains("'Image'", Assert.Throws<ArgumentException>(() => _context.Transforms.DetectObjects(_model).Fit(Read(rows))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Number", Assert.Throws<ArgumentException>(() => _context.Transforms.DetectObjects(_model, "Number").Fit(Read(rows))).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => _context.Transforms.DetectObjects("nowhere.onnx"));
        Assert.Throws<OptionException>(() => _context.Transforms.DetectObjects(_model, options: new ObjectDetectionOptions { ScoreThreshold = 2 }));
    }

    // The detections that Runtime returns for the same pixels.
    private void AssertExpected(RgbImage image, DetectedObjects found)
    {
        Runtime.Detections expected = Detect(image);
        Assert.Equal(2, expected.Count);
        Assert.Equal(expected.SelectMany(one => new[] { one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2 }), found.Boxes);
        Assert.Equal(expected.Select(one => one.Score), found.Scores);
        Assert.Equal(expected.Select(expected.GetClassName), found.Labels);
    }

    private Runtime.Detections Detect(RgbImage image)
    {
        using Detector detector = Detector.Load(_model);
        return detector.Detect(image);
    }

    private string Save(int i)
    {
        string path = Path.Combine(_folder.Path, $"{i}.png");
        ImageEncoder.SavePng(Create(i), path);
        return path;
    }

    private static RgbImage Create(int i) => TestImages.WithDetections(50 + i, 40, (byte)i, 2, (byte)(i + 9), 20);

    private IDataView Read<T>(T[] rows)
        where T : class => _context.Data.LoadFromEnumerable(rows);

    private sealed class PathRow
    {
        public string Image { get; set; } = "";
    }

    private sealed class BytesRow
    {
        public byte[] Photo { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public float Number { get; set; }
    }
}
