namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>How far an exported file's results may lie from the detector's.</summary>
/// <param name="Box">Largest difference of a box's edge, in pixels of the input.</param>
/// <param name="Score">Largest difference of a score.</param>
public sealed record OnnxTolerance(double Box, double Score)
{
    /// <summary>For float32: what differs is the order of sums.</summary>
    public static OnnxTolerance Float32 => new(Box: 0.1, Score: 1e-4);

    /// <summary>For float16: 11 bits of every weight and feature, over dozens of layers.</summary>
    public static OnnxTolerance Float16 => new(Box: 1, Score: 0.01);
}
