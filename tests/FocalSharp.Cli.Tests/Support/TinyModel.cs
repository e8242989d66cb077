using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>A tiny detector with random weights, which detects objects everywhere.</summary>
internal static class TinyModel
{
    public static string Save(string path)
    {
        DetectorOptions options = new()
        {
            Classes = ["cat", "dog"],
            Backbone = new BackboneOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new NeckOptions { Channels = 16 },
            Head = new HeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        };
        using GflDetector detector = new(options, seed: 1);
        DetectorCheckpoint.Save(path, detector, ResizeRuleSerializer.ToMetadata(new ResizeRule { LongSide = 96, ShortSide = 96 }));
        return path;
    }
}
