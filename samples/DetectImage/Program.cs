using FocalSharp;
using FocalSharp.Detections;
using FocalSharp.Runtime;

try
{
    using Detector detector = Detector.Load(args[0]);
    Detections detections = detector.Detect(args[1], new DetectOptions { ScoreThreshold = 0.3 });
    foreach (Detection detection in detections)
    {
        Console.WriteLine($"{detections.GetClassName(detection)} {detection.Score:F2} at {detection.Box.X1:F0},{detection.Box.Y1:F0} to {detection.Box.X2:F0},{detection.Box.Y2:F0}, left edge ± {detection.Deviation.Left:F1} px");
    }

    return 0;
}
catch (Exception exception) when (exception is FocalSharpException or IndexOutOfRangeException)
{
    Console.Error.WriteLine(args.Length < 2 ? "usage: DetectImage MODEL.onnx IMAGE" : exception.Message);
    return 1;
}
