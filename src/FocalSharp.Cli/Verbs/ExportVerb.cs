using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Export;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp export</c></summary>
internal static class ExportVerb
{
    private static readonly OrderedDictionary<string, CalibrationMethod> Methods = new(StringComparer.Ordinal)
    {
        ["least-error"] = CalibrationMethod.MeanSquaredError,
        ["percentile"] = CalibrationMethod.Percentile,
        ["minmax"] = CalibrationMethod.MinMax,
    };

    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> model = new("MODEL") { Description = "A run's folder or a weights file" };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "FILE",
            Description = "File to write [default: RUN/model.onnx, or the weights' name with .onnx]",
        };
        Option<int?> size = new("--size") { HelpName = "PIXELS", Description = "Side that the file says images are resized to [default: as trained]" };
        Option<bool> raw = new("--raw") { Description = "Put out the head's logits of all locations" };
        Option<bool> noNms = new("--no-nms") { Description = "Put out all boxes and scores, without selection and NMS" };
        Option<bool> half = new("--half") { Description = "Store and compute the network in float16" };
        Option<bool> int8 = new("--int8") { Description = "Quantise the network to 8 bits (needs --calibrate)" };
        Option<string?> calibrate = new("--calibrate")
        {
            HelpName = "DATA",
            Description = "Data set whose training images set the ranges, and whose other images judge",
        };
        Option<string?> method = ChoiceOption.Create("--method", "How --int8 chooses ranges [default: least-error]", [.. Methods.Keys]);
        Option<string[]> images = new("--images")
        {
            HelpName = "PATH",
            Description = "Images, folders or globs to check the file on [default: the run's own pictures, else drawn scenes]",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> name = new("--name") { HelpName = "TEXT", Description = "Name of the model in the file [default: the recipe's]" };
        Option<string?> license = new("--licence") { HelpName = "TEXT", Description = "Licence of the weights in the file, as MIT or Apache-2.0" };
        Option<string?> json = JsonOption.Create("Write what was checked and measured as JSON");

        Verb verb = new(
            "export",
            "Write a model as one ONNX file with everything inside.",
            "The file takes RGB bytes of any size and batch and gives boxes after NMS. It is run against the model before it is kept.",
            new Example("focalsharp export runs/demo", "runs/demo/model.onnx"),
            new Example("focalsharp export best.safetensors -o small.onnx --half", "half the size"),
            new Example("focalsharp export runs/demo --int8 --calibrate demo", "8 bits, with AP and latency before and after"))
        { model, output, size, raw, noNms, half, int8, calibrate, method, images, name, license, json };

        verb.Validators.Add(result =>
        {
            if (result.GetValue(raw) && result.GetValue(noNms))
            {
                result.AddError("--raw and --no-nms are two kinds of outputs: choose one.");
            }

            if (result.GetValue(int8) != (result.GetValue(calibrate) is not null))
            {
                result.AddError("--int8 and --calibrate belong together: 8 bits need a data set that sets their ranges.");
            }

            if (result.GetValue(int8) && (result.GetValue(half) || result.GetValue(raw) || result.GetValue(noNms)))
            {
                result.AddError("--int8 is judged by its detections: leave --half, --raw and --no-nms out.");
            }
        });
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ExportCommand.Run(
            new ExportCommandOptions
            {
                Model = parsed.GetRequiredValue(model),
                Out = parsed.GetValue(output),
                Size = parsed.GetValue(size),
                Raw = parsed.GetValue(raw),
                NoNms = parsed.GetValue(noNms),
                Half = parsed.GetValue(half),
                Calibrate = parsed.GetValue(calibrate),
                Method = parsed.GetValue(method) is { } word ? Methods[word] : default,
                Images = parsed.GetValue(images) ?? [],
                Name = parsed.GetValue(name),
                License = parsed.GetValue(license),
                Json = parsed.GetValue(json),
            },
            ui,
            cancellationToken)));
        return verb;
    }
}
