using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp convert</c></summary>
internal static class ConvertVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> source = new("SOURCE") { Description = "Folder or annotation file of the data set; its format is found out" };
        Option<string?> to = Choice.Create("--to", "Format to write", "coco", "voc", "yolo");
        to.Required = true;
        Option<string> output = new("--out", "-o") { HelpName = "DIR", Description = "Folder to write into", Required = true };

        Verb verb = new(
            "convert",
            "Write a data set in another format.",
            "Every box, class and split is kept, and so are images without objects.",
            new Example("focalsharp convert path/to/voc --to coco --out path/to/coco", "Pascal VOC to COCO JSON"),
            new Example("focalsharp convert annotations.json --to yolo --out path/to/yolo", "COCO JSON to YOLO txt with data.yaml"))
        { source, to, output };
        verb.SetAction((parsed, cancellation) => Task.FromResult(ConvertCommand.Run(
            parsed.GetRequiredValue(source), parsed.GetRequiredValue(to)!, parsed.GetRequiredValue(output), ui, cancellation)));
        return verb;
    }
}
