using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Cli.Evaluation;

/// <summary>The rules of an evaluation.</summary>
internal sealed record EvaluationSettings
{
    /// <summary>Gets the protocol.</summary>
    public EvaluationProtocol Protocol { get; init; } = EvaluationProtocol.Coco;

    /// <summary>Gets IoU thresholds and limits.</summary>
    public CocoEvaluationOptions Options { get; init; } = new();

    /// <summary>Gets the limit of detections if one was given; a model then returns as many.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>Gets the bootstrap; null for no intervals.</summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>Gets the second model or results file; null for none.</summary>
    public string? Against { get; init; }

    /// <summary>Gets how the entries of results files are matched to images.</summary>
    public ImageMatching Matching { get; init; } = ImageMatching.Auto;

    /// <summary>Gets whether the metrics are COCO's.</summary>
    public bool HasCocoMetrics => Protocol is EvaluationProtocol.Coco or EvaluationProtocol.Lvis;
}
