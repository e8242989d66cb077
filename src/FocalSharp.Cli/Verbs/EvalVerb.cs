using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp eval</c></summary>
internal static class EvalVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string?> model = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The model: " + WeightsOption.HelpText,
        };
        Option<string?> weights = WeightsOption.Create();
        Argument<string?> data = new("DATA") { Arity = ArgumentArity.ZeroOrOne, Description = "The data set to judge it on" };
        Option<string?> gt = new("--gt") { HelpName = "FILE", Description = "COCO annotations: the truth" };
        Option<string?> dt = new("--dt") { HelpName = "FILE", Description = "COCO results: the detections to judge" };
        Option<string?> split = ChoiceOption.Create("--split", "Part of the data set [default: what a training on it is judged by: test, else val, else a held-out fifth]", "train", "val", "test", "all");
        Option<int?> size = new("--size")
        {
            HelpName = "PIXELS",
            Description = "Side of the network's input [default: as trained]",
        };
        Option<string?> json = JsonOption.Create("Write the numbers as JSON");
        Option<string?> save = new("--save-results")
        {
            HelpName = "FILE",
            Description = "Write the detections as COCO results JSON",
        };
        Option<string?> report = ReportOption.Create();
        TilesOption tiles = new();
        Option<string?> precision = ComputeOptions.Precision("float32");
        Option<string?> device = ComputeOptions.Device();

        Verb verb = new(
            "eval",
            "Judge detections by COCO's average precision (AP).",
            "Either a model on a data set, or any two COCO files with --gt and --dt.",
            new Example("focalsharp eval runs/demo demo", "judge a run on the demo's validation scenes"),
            new Example("focalsharp eval runs/blood/best.safetensors path/to/dataset --split test", "judge weights on a test split"),
            new Example("focalsharp eval --gt annotations.json --dt results.json --json scores.json", "judge any detector's COCO results"),
            new Example("focalsharp eval --gt annotations.json --dt results.json --report report.html", "what goes wrong, what it costs, and which labels to check"))
        { model, data, weights, gt, dt, split, size, tiles.Tiles, tiles.Overlap, json, save, report, precision, device };

        verb.Validators.Add(result =>
        {
            bool files = result.GetValue(gt) is not null || result.GetValue(dt) is not null;
            if (files && (result.GetValue(gt) is null || result.GetValue(dt) is null))
            {
                result.AddError("--gt and --dt belong together: the truth and the detections to judge by it.");
            }
            else if (files && (result.GetValue(model) ?? result.GetValue(weights)) is not null)
            {
                result.AddError("Give either a model and a data set, or --gt and --dt, not both.");
            }
            else if (!files)
            {
                (string? chosen, IReadOnlyList<string> rest) = WeightsOption.Split(
                    result.GetValue(weights), result.GetValue(model), [result.GetValue(data)]);
                if (chosen is null || rest.Count == 0)
                {
                    result.AddError("Give a model and a data set, or two COCO files with --gt and --dt.");
                }
                else if (rest.Count > 1)
                {
                    result.AddError($"'{rest[1]}' is one word too many: --weights names the model already.");
                }
            }
        });

        verb.SetAction((parsed, cancellationToken) =>
        {
            (string? chosen, IReadOnlyList<string> rest) = WeightsOption.Split(parsed.GetValue(weights), parsed.GetValue(model), [parsed.GetValue(data)]);
            return Task.FromResult(EvalCommand.Run(
                new EvalRequest
                {
                    Model = chosen,
                    Data = rest.Count > 0 ? rest[0] : null,
                    GroundTruth = parsed.GetValue(gt),
                    Detections = parsed.GetValue(dt),
                    Split = parsed.GetValue(split),
                    Size = parsed.GetValue(size),
                    Tiles = tiles.GetOptions(parsed),
                    Precision = parsed.GetValue(precision),
                    Device = parsed.GetValue(device),
                    Json = parsed.GetValue(json),
                    SaveResults = parsed.GetValue(save),
                    Report = parsed.GetValue(report),
                    CommandLine = CommandLine.Format(parsed),
                },
                ui,
                cancellationToken));
        });
        return verb;
    }
}
