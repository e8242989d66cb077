using System.CommandLine;
using FocalSharp.Cli.Conversion;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;

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

    private readonly CutOptions _cut = new();

    public ConvertCommand(ConsoleUi ui)
        : base(ui, "convert", "Convert a data set to another format.")
    {
        _to.Required = true;
        Details = "All boxes, classes and splits are converted, and images without objects too. With --tiles, large images are cut into tiles with the objects in them: "
            + "train on the tiles, and use predict and eval --tiles --tiles-only on the uncut images.";
        Examples =
        [
            new("focalsharp convert path/to/voc --to coco --out path/to/coco", "Pascal VOC to COCO JSON"),
            new("focalsharp convert annotations.json --to yolo --out path/to/yolo", "COCO JSON to YOLO labels with data.yaml"),
            new("focalsharp convert path/to/cells --patch path/to/cells.label-patch.json --to coco --out path/to/corrected", "with the corrections of the explorer"),
            new("focalsharp convert path/to/coco --to labelstudio --out path/to/tasks", "Label Studio tasks with predictions, to correct them there"),
            new("focalsharp convert path/to/aerial --tiles 640 --to yolo --out path/to/tiles", "large images cut into tiles, for small objects"),
        ];
        AddSymbols([_source, _to, _output, _patch, _overwrite, _noImages, .. _cut.All]);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(_output);
        DetectionDataset dataset = DatasetReader.Read(parsed.GetRequiredValue(_source));
        cancellationToken.ThrowIfCancellationRequested();
        DataArgument.WriteProblems(dataset, Ui, $"focalsharp data check {parsed.GetRequiredValue(_source)}");
        dataset = PatchOption.Apply(dataset, parsed.GetRequiredValue(_source), parsed.GetValue(_patch), Ui);

        DatasetWriteReport written = Write(dataset, folder, parsed, cancellationToken);
        foreach (string warning in written.Warnings)
        {
            Ui.Warn(warning);
        }

        Ui.Success($"{Quantity.Format(written.Images, "image")} with {Quantity.Format(written.Objects, "object")} written to {folder}");
        Ui.Dim($"Check it: focalsharp data check {written.EntryPoint}");
        return Task.FromResult(ExitCodes.Success);
    }

    private DatasetWriteReport Write(DetectionDataset dataset, string folder, ParseResult parsed, CancellationToken cancellationToken)
    {
        IDatasetFormat format = DatasetFormats.Get(parsed.GetRequiredValue(_to)!);
        DatasetWriteOptions options = new() { Overwrite = parsed.GetValue(_overwrite), CopyImages = !parsed.GetValue(_noImages) };
        if (_cut.Cut(dataset, parsed) is not { } tiled)
        {
            return DatasetWriter.Write(dataset, format, folder, options);
        }

        if (!options.CopyImages)
        {
            throw new OptionException("--no-images: the annotations of tiles need the tiles. Leave out --no-images or --tiles.") { OptionName = "--no-images" };
        }

        if (tiled.AbsentObjects > 0)
        {
            Ui.Warn($"{tiled.AbsentObjects} of {dataset.ObjectCount} objects are larger than the tiles and in none of them. Choose larger tiles, or add --whole-images.");
        }

        ImageDecodeOptions decode = _cut.GetDecodeOptions(parsed);
        return ProgressReporter.Run(
            Ui,
            "Cutting tiles",
            tiled.Tiles.Count(tile => tile is not null),
            progress => DatasetWriter.WriteWithImages(
                tiled.Dataset, format, folder, options, (images, full) => TileImages.WriteAll(tiled, images, full, decode, progress, cancellationToken)));
    }
}
