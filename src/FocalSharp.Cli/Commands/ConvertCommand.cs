using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp convert</c>: writes a data set in another format.</summary>
internal sealed class ConvertCommand : CliCommand
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "Folder, annotation file or ZIP file of the data set; the format is detected",
    };

    private readonly Option<string?> _to = ChoiceOption.Create(
        "--to", "Format to write", [.. DatasetFormats.All.Where(format => !format.IsReadOnly).Select(format => format.Name).Order(StringComparer.Ordinal)]);

    private readonly Option<string> _output = new("--out", "-o")
    {
        HelpName = "DIR",
        Description = "Folder to write to",
        Required = true,
    };

    private readonly Option<string?> _patch = PatchOption.Create();
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Write to a folder that is not empty" };
    private readonly Option<bool> _noImages = new("--no-images")
    {
        Description = "Write the annotations only; do not copy the images",
    };

    public ConvertCommand(ConsoleUi ui)
        : base(ui, "convert", "Convert a data set to another format.")
    {
        _to.Required = true;
        Details = "All boxes, classes and splits are converted, and images without objects too.";
        Examples =
        [
            new("focalsharp convert path/to/voc --to coco --out path/to/coco", "Pascal VOC to COCO JSON"),
            new("focalsharp convert annotations.json --to yolo --out path/to/yolo", "COCO JSON to YOLO labels with data.yaml"),
            new("focalsharp convert path/to/cells --patch path/to/cells.label-patch.json --to coco --out path/to/corrected", "with the corrections of the explorer"),
            new("focalsharp convert path/to/coco --to labelstudio --out path/to/tasks", "Label Studio tasks with predictions, to correct them there"),
        ];
        AddSymbols(_source, _to, _output, _patch, _overwrite, _noImages);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(_output);
        DetectionDataset dataset = DatasetReader.Read(parsed.GetRequiredValue(_source));
        cancellationToken.ThrowIfCancellationRequested();
        DataArgument.WriteProblems(dataset, Ui, $"focalsharp data check {parsed.GetRequiredValue(_source)}");
        dataset = PatchOption.Apply(dataset, parsed.GetRequiredValue(_source), parsed.GetValue(_patch), Ui);

        DatasetWriteReport written = DatasetWriter.Write(
            dataset,
            DatasetFormats.Get(parsed.GetRequiredValue(_to)!),
            folder,
            new DatasetWriteOptions { Overwrite = parsed.GetValue(_overwrite), CopyImages = !parsed.GetValue(_noImages) });
        foreach (string warning in written.Warnings)
        {
            Ui.Warn(warning);
        }

        Ui.Success($"{written.Images} images with {written.Objects} objects written to {folder}");
        Ui.Dim($"Check it: focalsharp data check {written.EntryPoint}");
        return Task.FromResult(ExitCodes.Success);
    }
}
