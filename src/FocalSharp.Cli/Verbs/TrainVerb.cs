using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp train</c></summary>
internal static class TrainVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> data = new("DATA")
        {
            Description = "Folder or annotation file of a data set (COCO JSON, Pascal VOC, YOLO), or 'demo' for drawn scenes",
        };
        Option<string?> recipe = new("--recipe")
        {
            HelpName = "NAME|FILE",
            Description = "Recipe: a built-in name or a YAML file [default: by the weights, else gfl-lite]",
        };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "DIR",
            Description = "Folder of the run [default: the next free runs/NAME]",
        };
        Option<string?> weights = new("--weights", "-w")
        {
            HelpName = "MODEL",
            Description = $"Weights to start from: {WeightsOption.Meaning}; without them training starts from scratch",
        };
        Option<int?> epochs = new("--epochs") { HelpName = "N", Description = "Passes over the training images" };
        Option<int?> size = new("--size") { HelpName = "PIXELS", Description = "Side of the network's input, a multiple of 32" };
        Option<int?> batch = new("--batch") { HelpName = "N", Description = "Images per step" };
        Option<int?> seed = new("--seed") { HelpName = "N", Description = "Seed of everything random: same seed, same result" };
        Option<string?> precision = ComputeOptions.Precision("auto");
        Option<string?> device = ComputeOptions.Device();
        Option<string[]> set = new("--set")
        {
            HelpName = "KEY=VALUE",
            Description = "Override any key of the recipe; may be repeated",
        };

        Verb verb = new(
            "train",
            "Train a detector on labelled images.",
            "Everything the run makes (weights, curves, pictures, report.html) lands in one folder. Ctrl-C ends it cleanly.",
            new Example("focalsharp train demo", "drawn scenes, no download: watch a detector learn in minutes"),
            new Example("focalsharp train path/to/dataset", "your own images, default recipe"),
            new Example("focalsharp train path/to/dataset --weights nanodet-g-coco", "from a published model: fewer images, better and sooner"),
            new Example("focalsharp train path/to/dataset --epochs 60 --size 416 --seed 1", "longer and larger"),
            new Example("focalsharp train path/to/dataset --set optimizer.lr=0.005", "override one key of the recipe"))
        { data, recipe, output, weights, epochs, size, batch, seed, precision, device, set };

        verb.SetAction((parsed, cancellation) => TrainCommand.RunAsync(
            new TrainRequest
            {
                Data = parsed.GetRequiredValue(data),
                Recipe = parsed.GetValue(recipe),
                Out = parsed.GetValue(output),
                Weights = parsed.GetValue(weights),
                Epochs = parsed.GetValue(epochs),
                Size = parsed.GetValue(size),
                Batch = parsed.GetValue(batch),
                Seed = parsed.GetValue(seed),
                Precision = parsed.GetValue(precision),
                Device = parsed.GetValue(device),
                Set = parsed.GetValue(set) ?? [],
                CommandLine = CommandLine.Of(parsed),
            },
            ui,
            cancellation));
        return verb;
    }
}
