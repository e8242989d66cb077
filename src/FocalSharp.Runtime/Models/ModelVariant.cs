namespace FocalSharp.Runtime.Models;

/// <summary>What an exported model's graph ends with.</summary>
public enum ModelVariant
{
    /// <summary>Detections: decoding, top-k and NMS are in the graph (the default export).</summary>
    Detections,

    /// <summary>Boxes and scores of all locations; NMS is done here (<c>--no-nms</c>).</summary>
    Candidates,

    /// <summary>Class logits and side distributions of all locations; decoding and NMS are done here (<c>--raw</c>).</summary>
    Raw,
}
