using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>A tiny detector with random weights, which detects objects everywhere.</summary>
internal static class TinyModel
{
    private static readonly ResizeRule Resize = new() { LongSide = 96, ShortSide = 96 };

    /// <summary>Saves the weights and returns the path.</summary>
    public static string Save(string path)
    {
        using GflDetector detector = Create();
        DetectorCheckpoint.Save(path, detector, ResizeRuleSerializer.ToMetadata(Resize));
        return path;
    }

    /// <summary>Exports the same model to ONNX and returns the path.</summary>
    public static string SaveOnnx(string path)
    {
        using GflDetector detector = Create();
        File.WriteAllBytes(path, OnnxExporter.Export(detector, new OnnxExportOptions { Resize = ResizeRuleSerializer.ToMetadata(Resize) }).ToBytes());
        return path;
    }

    /// <summary>Saves weights with one value that is not finite, and returns the path and the name of the tensor.</summary>
    public static (string Path, string Tensor) SaveNonFinite(string path, float value)
    {
        using GflDetector detector = Create();
        const string Tensor = "bbox_head.gfl_cls.weight";
        using (TorchSharp.torch.no_grad())
        {
            detector.state_dict()[Tensor].view(-1)[3] = value;
        }

        if (path.EndsWith(".onnx", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, OnnxExporter.Export(detector, new OnnxExportOptions { Resize = ResizeRuleSerializer.ToMetadata(Resize) }).ToBytes());
        }
        else
        {
            DetectorCheckpoint.Save(path, detector, ResizeRuleSerializer.ToMetadata(Resize));
        }

        return (path, Tensor);
    }

    private static GflDetector Create()
    {
        DetectorOptions options = new()
        {
            Classes = ["cat", "dog"],
            Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 16 },
            Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        };
        return new GflDetector(options, seed: 1);
    }
}
