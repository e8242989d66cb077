namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>The output of a head in a graph, finest level first, all float32.</summary>
/// <param name="Scores">Per level <c>[B, C, H, W]</c>, with as many channels as classes.</param>
/// <param name="BoxDistributionLogits">Per level <c>[B, 4·(n+1), H, W]</c>: logits, channel <c>side·(n+1) + bin</c>.</param>
/// <param name="ScoresAreProbabilities">Whether a sigmoid has been applied to the scores (GFLv2).</param>
public sealed record OnnxHeadOutput(
    IReadOnlyList<OnnxValue> Scores, IReadOnlyList<OnnxValue> BoxDistributionLogits, bool ScoresAreProbabilities = false);
