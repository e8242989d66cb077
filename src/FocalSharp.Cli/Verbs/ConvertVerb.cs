using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp convert</c></summary>
internal static class ConvertVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> source = new("SOURCE")
        {
            Description = "Folder or annotation file of the data set; its format is found out",
        };
        Option<string?> to = ChoiceOption.Create("--to", "Format to write", "coco", "voc", "yolo");
        to.Required = true;
        Option<string> output = new("--out", "-o") { HelpName = "DIR", Description = "Folder to write into", Required = true };
        Option<bool> overwrite = new("--overwrite") { Description = "Write into a folder that is not empty" };
        Option<bool> noImages = new("--no-images") { Description = "Write annotations alone, without copies of the images" };

        Verb verb = new(
            "convert",
            "Write a data set in another format.",
            "Every box, class and split is kept, and so are images without objects.",
            new Example("focalsharp convert path/to/voc --to coco --out path/to/coco", "Pascal VOC to COCO JSON"),
            new Example("focalsharp convert annotations.json --to yolo --out path/to/yolo", "COCO JSON to YOLO txt with data.yaml"))
        { source, to, output, overwrite, noImages };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ConvertCommand.Run(
            new ConvertRequest(
                parsed.GetRequiredValue(source), parsed.GetRequiredValue(to)!, parsed.GetRequiredValue(output), parsed.GetValue(overwrite), !parsed.GetValue(noImages)),
            ui, cancellationToken)));
        return verb;
    }
}
