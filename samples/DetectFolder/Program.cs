// DetectFolder MODEL.onnx FOLDER [RESULTS.jsonl]: writes one line of JSON per image in a folder, using all cores.
using System.Text.Json;
using FocalSharp;
using FocalSharp.Runtime;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: DetectFolder MODEL.onnx FOLDER [RESULTS.jsonl]");
    return 1;
}

string[] extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];
string[] files = [.. Directory.EnumerateFiles(args[1], "*", SearchOption.AllDirectories).Where(file => extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))];
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

try
{
    // Many images at once with one thread each are faster than one image with many threads.
    using Detector detector = Detector.Load(args[0], new RuntimeOptions { Threads = 1, AllowSpinning = false, Detect = new DetectOptions { ScoreThreshold = 0.3 } });
    await using StreamWriter results = File.CreateText(args.Length > 2 ? args[2] : "results.jsonl");
    using SemaphoreSlim writing = new(1);
    int failed = 0;
    await Parallel.ForEachAsync(files, stop.Token, async (file, cancellationToken) =>
    {
        try
        {
            Detections detections = await detector.DetectAsync(file, cancellationToken: cancellationToken);
            string line = JsonSerializer.Serialize(new
            {
                File = file,
                Detections = detections.Select(one => new { Class = detections.GetClassName(one), one.Score, one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2 }),
            });
            await writing.WaitAsync(cancellationToken);
            try
            {
                await results.WriteLineAsync(line);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (FocalSharpException exception)
        {
            Interlocked.Increment(ref failed);
            await Console.Error.WriteLineAsync(exception.Message);
        }
    });
    Console.WriteLine($"{files.Length - failed} of {files.Length} images");
    return failed == 0 ? 0 : 1;
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; the results so far are saved.");
    return 1;
}
