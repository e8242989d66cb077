namespace FocalSharp.Detections;

/// <summary>Specifies the outputs of an exported model.</summary>
public enum ModelVariant
{
    /// <summary>Detections: decoding, top-k and NMS are in the graph (the default export).</summary>
    Detections,

    /// <summary>Boxes and scores of all locations; NMS runs outside the graph.</summary>
    Candidates,

    /// <summary>Class logits and side distributions of all locations; decoding and NMS run outside the graph.</summary>
    Raw,
}
