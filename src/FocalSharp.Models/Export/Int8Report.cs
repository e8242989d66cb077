namespace FocalSharp.Models.Export;

/// <summary>The result of an 8-bit export, compared with the float32 file of the same model.</summary>
/// <param name="CalibrationImageCount">Number of images that set the ranges.</param>
/// <param name="EvaluationImageCount">Number of images that both files were evaluated on.</param>
/// <param name="ConvolutionCount">Number of convolutions that can be quantized.</param>
/// <param name="FloatConvolutionCount">Number of them that remain in float32, because AP would suffer.</param>
/// <param name="Float32">Metrics of the float32 file.</param>
/// <param name="Int8">Metrics of the 8-bit file.</param>
internal sealed record Int8Report(
    int CalibrationImageCount, int EvaluationImageCount, int ConvolutionCount, int FloatConvolutionCount, OnnxMetrics Float32, OnnxMetrics Int8);

/// <summary>Accuracy, speed and size of an ONNX file.</summary>
/// <param name="AP">COCO AP on the evaluation images.</param>
/// <param name="AP50">AP at IoU 0.50.</param>
/// <param name="Milliseconds">Median time of one inference in ONNX Runtime, without decoding and resizing the image.</param>
/// <param name="Bytes">Size of the file.</param>
internal sealed record OnnxMetrics(double AP, double AP50, double Milliseconds, long Bytes);
