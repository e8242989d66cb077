using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp predict</c></summary>
internal static class PredictVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string?> model = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The model: " + WeightsOption.HelpText,
        };
        Option<string?> weights = WeightsOption.Create();
        Argument<string[]> inputs = new("INPUTS")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Image files, folders of images, or globs such as 'photos/**/*.jpg'",
        };
        Option<string> output = new("--out", "-o")
        {
            HelpName = "DIR",
            Description = "Folder of the annotated images and of the JSON",
            DefaultValueFactory = _ => "predictions",
        };
        Option<string?> json = JsonOption.Create("Where the detections go instead of DIR/predictions.json");
        Option<string?> format = ChoiceOption.Create("--format", "JSON for people, with the uncertainty of every side in pixels, or COCO results", "readable", "coco");
        format.DefaultValueFactory = _ => "readable";
        Option<double> threshold = new("--threshold", "-t")
        {
            HelpName = "SCORE",
            Description = "Least score of a detection, 0 to 1",
            DefaultValueFactory = _ => 0.3,
        };
        Option<double?> nms = new("--nms")
        {
            HelpName = "IOU",
            Description = "Overlap above which the weaker of two boxes of a class is dropped [default: the model's]",
        };
        Option<int?> size = new("--size")
        {
            HelpName = "PIXELS",
            Description = "Side of the network's input [default: as trained]",
        };
        Option<int?> max = new("--max") { HelpName = "N", Description = "Most detections of one image [default: the model's]" };
        Option<bool> noImages = new("--no-images") { Description = "Write the JSON alone" };
        TilesOption tiles = new();
        Option<string?> precision = ComputeOptions.Precision("float32");
        Option<string?> device = ComputeOptions.Device();

        Verb verb = new(
            "predict",
            "Find objects in images.",
            "Writes each image with its boxes drawn, and one JSON with all detections; soft edges show where a box is uncertain.",
            new Example("focalsharp predict runs/demo photo.jpg", "one picture"),
            new Example("focalsharp predict --weights nanodet-g-coco photo.jpg", "with a published model ('focalsharp models pull' fetches it)"),
            new Example("focalsharp predict runs/demo photos 'more/*.png' --out found --threshold 0.5", "a folder and a glob"),
            new Example("focalsharp predict best.safetensors photos --format coco --threshold 0.05 --no-images", "COCO results, for 'eval --dt'"),
            new Example("focalsharp predict runs/demo aerial.jpg --tiles --overlap 0.25", "small objects in a large picture"))
        { model, inputs, weights, output, json, format, threshold, nms, size, max, tiles.Tiles, tiles.Overlap, noImages, precision, device };

        verb.Validators.Add(result =>
        {
            (string? chosen, IReadOnlyList<string> files) = WeightsOption.Split(
                result.GetValue(weights), result.GetValue(model), result.GetValue(inputs) ?? []);
            if (chosen is null || files.Count == 0)
            {
                Argument missing = chosen is null ? model : inputs;
                result.AddError($"{missing.Name} is missing: {missing.Description}.");
            }
        });

        verb.SetAction((parsed, cancellationToken) =>
        {
            (string? chosen, IReadOnlyList<string> files) = WeightsOption.Split(
                parsed.GetValue(weights), parsed.GetValue(model), parsed.GetValue(inputs) ?? []);
            return Task.FromResult(PredictCommand.Run(
                new PredictRequest
                {
                    Model = chosen!,
                    Inputs = files,
                    Out = parsed.GetRequiredValue(output),
                    Json = parsed.GetValue(json),
                    Coco = string.Equals(parsed.GetValue(format), "coco", StringComparison.Ordinal),
                    Threshold = parsed.GetValue(threshold),
                    Nms = parsed.GetValue(nms),
                    Size = parsed.GetValue(size),
                    Precision = parsed.GetValue(precision),
                    Device = parsed.GetValue(device),
                    Max = parsed.GetValue(max),
                    Tiles = tiles.GetOptions(parsed, parsed.GetValue(max)),
                    Images = !parsed.GetValue(noImages),
                },
                ui,
                cancellationToken));
        });
        return verb;
    }
}
