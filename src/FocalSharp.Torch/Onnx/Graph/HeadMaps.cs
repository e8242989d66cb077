namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>What a head writes into a graph, finest level first, all float32.</summary>
/// <param name="Levels">The maps of each level.</param>
/// <param name="ScoresAreProbabilities">True where the scores have passed a sigmoid already (GFLv2).</param>
internal sealed record HeadMaps(IReadOnlyList<LevelMaps> Levels, bool ScoresAreProbabilities);

/// <summary>One level.</summary>
/// <param name="Scores"><c>[B, C, H, W]</c>, as many channels as classes.</param>
/// <param name="BoxDistributionLogits"><c>[B, 4·(n+1), H, W]</c>, logits, channel <c>side·(n+1) + bin</c>.</param>
internal sealed record LevelMaps(OnnxValue Scores, OnnxValue BoxDistributionLogits);
