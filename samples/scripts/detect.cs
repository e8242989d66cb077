#!/usr/bin/env -S dotnet run
#:package FocalSharp.Runtime@0.2.*

// Detects objects in images, without a project: dotnet run detect.cs -- MODEL.onnx IMAGE ...
using FocalSharp;
using FocalSharp.Runtime;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: dotnet run detect.cs -- MODEL.onnx IMAGE ...");
    return 1;
}

try
{
    using Detector detector = Detector.Load(args[0]);
    foreach (string image in args[1..])
    {
        Detections detections = detector.Detect(image);
        Console.WriteLine($"{image}: {detections}");
        foreach (var detection in detections)
        {
            Console.WriteLine($"  {detections.GetClassName(detection)} {detection.Score:F2} {detection.Box}");
        }
    }

    return 0;
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
