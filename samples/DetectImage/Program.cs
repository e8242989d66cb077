using FocalSharp;
using FocalSharp.Detections;
using FocalSharp.Runtime;

try
{
    using Detector detector = Detector.Load(args[0]);
    Detections found = detector.Detect(args[1], new DetectOptions { ScoreThreshold = 0.3 });
    foreach (Detection one in found)
    {
        Console.WriteLine($"{found.GetClassName(one)} {one.Score:F2} at {one.Box.X1:F0},{one.Box.Y1:F0} to {one.Box.X2:F0},{one.Box.Y2:F0}, left edge ± {one.Deviation.Left:F1} px");
    }

    return 0;
}
catch (Exception exception) when (exception is FocalSharpException or IndexOutOfRangeException)
{
    Console.Error.WriteLine(args.Length < 2 ? "usage: DetectImage MODEL.onnx IMAGE" : exception.Message);
    return 1;
}
