namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>The largest allowed differences between an exported file's results and the detector's.</summary>
/// <param name="Box">Largest difference of a box's edge, in pixels of the input.</param>
/// <param name="Score">Largest difference of a score.</param>
internal sealed record OnnxTolerance(double Box, double Score)
{
    /// <summary>Gets the tolerance for float32, where the order of sums differs.</summary>
    public static OnnxTolerance Float32 => new(Box: 0.1, Score: 1e-4);

    /// <summary>Gets the tolerance for float16: 11 bits per weight and feature, over dozens of layers.</summary>
    public static OnnxTolerance Float16 => new(Box: 1, Score: 0.01);
}
