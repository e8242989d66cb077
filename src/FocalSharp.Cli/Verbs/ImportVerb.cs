using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp import</c></summary>
internal static class ImportVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> file = new("FILE")
        {
            Description = "Checkpoint of mmdetection, of the official GFL code or of torchvision (.pth, .pt), .safetensors, NanoDet-g's nanodet.json, "
                + "or a name that 'focalsharp models' lists",
        };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "FILE",
            Description = "File to write [default: FILE with .safetensors; a model of a name goes into this folder]",
        };
        Option<string?> names = ChoiceOption.Create("--names", "Tensor names to write", "ours", "mmdet");
        names.DefaultValueFactory = _ => "ours";

        Verb verb = new(
            "import",
            "Turn a PyTorch checkpoint or a TensorFlow.js NanoDet-g into safetensors.",
            "No code that the file may hold is ever run. What does not fit or is missing is listed.",
            new Example("focalsharp import gfl_r50_fpn_1x_coco.pth", "official weights, ready for eval, predict and train --weights"),
            new Example("focalsharp import runs/demo/best.safetensors --names mmdet --out back.safetensors", "back to mmdetection's names"))
        { file, output, names };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ImportCommand.Run(
            parsed.GetRequiredValue(file), parsed.GetValue(output), parsed.GetRequiredValue(names)!, ui, cancellationToken)));
        return verb;
    }
}
