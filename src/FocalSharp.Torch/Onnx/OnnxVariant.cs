namespace FocalSharp.Torch.Onnx;

/// <summary>The outputs of an exported file.</summary>
public enum OnnxVariant
{
    /// <summary>Boxes after NMS, with scores, labels, count and deviations.</summary>
    Detections,

    /// <summary>Decoded boxes and scores of all locations, without selection and NMS.</summary>
    Candidates,

    /// <summary>Logits of the head at all locations.</summary>
    Raw,
}
