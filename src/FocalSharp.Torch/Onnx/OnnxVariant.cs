namespace FocalSharp.Torch.Onnx;

/// <summary>What an exported file puts out.</summary>
public enum OnnxVariant
{
    /// <summary>Boxes after NMS, with scores, labels, count and deviations: all inside.</summary>
    Detections,

    /// <summary>All locations decoded, without selection and NMS.</summary>
    Candidates,

    /// <summary>The head's logits of all locations.</summary>
    Raw,
}
