namespace FocalSharp.Assignment;

/// <summary>What the network predicts for the anchors of one image, as an <see cref="IAssigner"/> receives it.</summary>
/// <param name="logits">Class logits <c>[C, anchors]</c>, row-major.</param>
/// <param name="boxes">Decoded boxes <c>[anchors, 4]</c>, <c>xyxy</c> in pixels of the network's input.</param>
public readonly ref struct AnchorPredictions(ReadOnlySpan<float> logits, ReadOnlySpan<float> boxes)
{
    /// <summary>Gets the class logits <c>[C, anchors]</c>, row-major, before the sigmoid.</summary>
    public ReadOnlySpan<float> Logits { get; } = logits;

    /// <summary>Gets the decoded boxes <c>[anchors, 4]</c>, <c>xyxy</c> in pixels of the network's input.</summary>
    public ReadOnlySpan<float> Boxes { get; } = boxes;
}
