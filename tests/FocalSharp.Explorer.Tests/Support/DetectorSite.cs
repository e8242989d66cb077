using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Detections;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Onnx;
using FocalSharp.Training.Runs;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>
/// The explorer on a folder with a run of a tiny detector with random weights, which detects objects everywhere, its data of three drawn pictures, and
/// the same detector as ONNX files.
/// </summary>
public sealed class DetectorSite : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-explorer-").FullName;
    private readonly List<DetectionPages> _features = [];
    private ExplorerHost? _host;

    public Uri Address => _host!.Address;

    public string Weights => In("runs", "tiny", "last.safetensors");

    public string In(params string[] parts) => Path.Combine([_folder, .. parts]);

    public string Picture(int index) => In("data", "images", "val", $"{index}.png");

    public async ValueTask InitializeAsync()
    {
        WriteModels();
        DetectionDataset dataset = WriteData();
        WriteRun(dataset);
        DetectionPages pages = new(new ExplorerModelCatalog(In("runs")));
        _features.Add(pages);
        _host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [pages]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _features.ForEach(feature => feature.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private void WriteModels()
    {
        Directory.CreateDirectory(In("runs", "tiny"));
        DetectorOptions options = new()
        {
            Classes = ["cat", "dog"],
            Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 16 },
            Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        };
        IReadOnlyDictionary<string, string> resize = ResizeRuleSerializer.ToMetadata(new ResizeRule { LongSide = 96, ShortSide = 96 });
        using GflDetector detector = new(options, seed: 1);
        DetectorCheckpoint.Save(Weights, detector, resize);
        detector.eval();
        foreach ((string name, ModelVariant variant) in new[] { ("whole.onnx", ModelVariant.Detections), ("raw.onnx", ModelVariant.Raw) })
        {
            File.WriteAllBytes(In("runs", name), OnnxExporter.Export(detector, new OnnxExportOptions { Variant = variant, Resize = resize }).ToBytes());
        }
    }

    // YOLO: class, centre and size as shares of the picture.
    private DetectionDataset WriteData()
    {
        foreach (string part in (string[])["train", "val"])
        {
            Directory.CreateDirectory(In("data", "images", part));
            Directory.CreateDirectory(In("data", "labels", part));
        }

        File.WriteAllText(In("data", "data.yaml"), "train: images/train\nval: images/val\nnames: [cat, dog]\n");
        string[] labels = ["0 0.5 0.5 0.5 0.5\n", "0 0.25 0.25 0.3 0.3\n1 0.7 0.7 0.4 0.4\n", "1 0.3 0.3 0.5 0.5\n0 0.8 0.2 0.2 0.2\n0 0.8 0.8 0.2 0.2\n"];
        for (int i = 0; i < labels.Length; i++)
        {
            ImageEncoder.SavePng(CreateImage(120, 80, i), Picture(i));
            File.WriteAllText(In("data", "labels", "val", $"{i}.txt"), labels[i]);
        }

        ImageEncoder.SavePng(CreateImage(64, 64, 7), In("data", "images", "train", "9.png"));
        File.WriteAllText(In("data", "labels", "train", "9.txt"), "0 0.5 0.5 0.4 0.4\n");
        return TrainEvalSplit.SelectEval(DatasetReader.Read(In("data"))).EvalSplit;
    }

    // The run found everything in the first picture, one of two in the second and nothing in the third.
    private void WriteRun(DetectionDataset dataset)
    {
        Detection[][] found = [.. dataset.Images.Select((image, i) => image.Objects.Take(1 - (i / 2)).Select(
            item => new Detection(item.Box, item.Label, 0.9f, new SideValues(2, 2, 2, 2))).ToArray())];
        CocoResults.From(dataset, found).Write(In("runs", "tiny", "detections.json"));
        TrainEvalSplit parts = TrainEvalSplit.Create(DatasetReader.Read(In("data")));
        DatasetFingerprint.Compute(parts.Train, parts.Eval).Save(In("runs", "tiny", "data.txt"));
        new RunResult
        {
            Metrics = CocoEvaluator.Evaluate(dataset, found),
            Seconds = 1,
            Command = "focalsharp train data",
            Dataset = In("data"),
            Split = "val",
            Weights = Weights,
            Calibration = CalibrationReport.Create(dataset.Images, found),
        }.Save(In("runs", "tiny", "result.json"));
    }

    private static RgbImage CreateImage(int width, int height, int seed)
    {
        Random random = new(seed);
        RgbImage image = new(width, height);
        for (int k = 0; k < 6; k++)
        {
            (int left, int top, int side) = (random.Next(width - 20), random.Next(height - 20), 8 + random.Next(30));
            byte[] color = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];
            for (int y = top; y < Math.Min(height, top + side); y++)
            {
                for (int x = left; x < Math.Min(width, left + side); x++)
                {
                    color.CopyTo(image.Pixels.AsSpan(3 * ((y * width) + x)));
                }
            }
        }

        return image;
    }
}
