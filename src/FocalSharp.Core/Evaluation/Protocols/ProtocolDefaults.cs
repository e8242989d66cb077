using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>The thresholds and limits of each protocol.</summary>
internal static class ProtocolDefaults
{
    /// <summary>Returns a protocol's options.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="iouThresholds">IoU thresholds instead of the protocol's.</param>
    /// <param name="maxDetections">Maximum detections per image and class (LVIS: per image) instead of the protocol's.</param>
    public static CocoEvaluationOptions Create(EvaluationProtocol protocol, IReadOnlyList<double>? iouThresholds = null, int? maxDetections = null)
    {
        CocoEvaluationOptions coco = new();
        bool hasCocoThresholds = protocol is EvaluationProtocol.Coco or EvaluationProtocol.Lvis;
        return coco with
        {
            IouThresholds = iouThresholds ?? (hasCocoThresholds ? coco.IouThresholds : [0.5]),
            MaxDetections = protocol switch
            {
                EvaluationProtocol.Coco => maxDetections is { } limit ? [.. coco.MaxDetections.SkipLast(1).Where(n => n < limit), limit] : coco.MaxDetections,
                EvaluationProtocol.Lvis => [maxDetections ?? FederatedRules.LvisMaxDetections],
                _ => [maxDetections ?? int.MaxValue],
            },
        };
    }

    /// <summary>Returns the recalls at which a protocol reads precision; null for the area under the curve.</summary>
    public static double[]? Recalls(EvaluationProtocol protocol, CocoEvaluationOptions options) => protocol switch
    {
        // Tenths as written: 3 * 0.1 is above 0.3, so that 3 of 10 objects would not reach it.
        EvaluationProtocol.Voc07 => [.. Enumerable.Range(0, 11).Select(i => i / 10.0)],
        EvaluationProtocol.Voc12 or EvaluationProtocol.OpenImages => null,
        _ => [.. options.RecallThresholds],
    };
}
