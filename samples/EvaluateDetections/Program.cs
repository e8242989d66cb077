// Evaluates COCO results against COCO ground truth and prints AP and AR, overall and per class.
// usage: EvaluateDetections GROUND_TRUTH.json RESULTS.json; without arguments it evaluates a small example.
using FocalSharp;
using FocalSharp.Evaluation.Coco;

string? example = args.Length == 2 ? null : Directory.CreateTempSubdirectory("focalsharp-").FullName;
try
{
    (string truth, string results) = example is null ? (args[0], args[1]) : WriteExample(example);
    CocoMetrics metrics = CocoEvaluator.EvaluateFiles(truth, results);
    Console.WriteLine(metrics);
    Console.WriteLine($"AP50 of '{metrics.PerClass[0].Name}': {metrics.PerClass[0].AP50:F3}");
    return 0;
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
finally
{
    if (example is not null)
    {
        Directory.Delete(example, recursive: true);
    }
}

// Two images with three objects. The cats are found, one of them loosely; the dog is missed.
static (string Truth, string Results) WriteExample(string folder)
{
    string truth = Path.Combine(folder, "ground_truth.json");
    File.WriteAllText(truth, """
        {
          "images": [{ "id": 1, "width": 640, "height": 480 }, { "id": 2, "width": 640, "height": 480 }],
          "categories": [{ "id": 1, "name": "cat" }, { "id": 2, "name": "dog" }],
          "annotations": [
            { "id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 100, 200, 150], "area": 30000, "iscrowd": 0 },
            { "id": 2, "image_id": 2, "category_id": 1, "bbox": [50, 60, 120, 90], "area": 10800, "iscrowd": 0 },
            { "id": 3, "image_id": 2, "category_id": 2, "bbox": [300, 200, 180, 180], "area": 32400, "iscrowd": 0 }
          ]
        }
        """);
    string results = Path.Combine(folder, "results.json");
    File.WriteAllText(results, """
        [
          { "image_id": 1, "category_id": 1, "bbox": [102, 101, 198, 149], "score": 0.92 },
          { "image_id": 2, "category_id": 1, "bbox": [60, 70, 120, 90], "score": 0.71 },
          { "image_id": 2, "category_id": 1, "bbox": [400, 10, 50, 50], "score": 0.30 }
        ]
        """);
    return (truth, results);
}
