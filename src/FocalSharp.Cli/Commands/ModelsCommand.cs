using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FocalSharp.Cli.Machine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;
using Spectre.Console;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp models</c>: lists the published models.</summary>
internal sealed class ModelsCommand : CliCommand
{
    private readonly Option<string?> _json = SharedOptions.Json("Write the list as JSON");
    private readonly Option<bool> _measure = new("--measure") { Description = "Measure the milliseconds of the detectors in the cache on this machine" };

    public ModelsCommand(ConsoleUi ui)
        : base(ui, "models", "List and download published models.")
    {
        Details = "Downloaded models are cached per user and work offline. Use a model's name in place of a weights file.\n"
            + "The cache is ~/.cache/focalsharp (Linux), ~/Library/Caches/focalsharp (macOS), %LOCALAPPDATA%\\focalsharp (Windows), or $FOCALSHARP_CACHE.";
        Examples =
        [
            new("focalsharp models", "all models with score, license and download size"),
            new("focalsharp models --measure", "milliseconds of the cached models on this machine"),
            new("focalsharp models pull nanodet-g-coco", "download a model"),
            new("focalsharp models pull nanodet-g-coco --from DOWNLOADS", "install a model from files that you already have"),
        ];
        AddSymbols(_measure, _json);
        Add(new ModelsPullCommand(ui));
        Add(new ModelsPathCommand(ui));
        Add(new ModelsRemoveCommand(ui));
    }

    /// <summary>Creates the argument that names a published model.</summary>
    public static Argument<string> CreateNameArgument()
    {
        Argument<string> name = new("NAME") { Description = "The model's name (see 'focalsharp models')" };
        name.CompletionSources.Add([.. ModelCatalog.Entries.Select(entry => entry.Name)]);
        return name;
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        bool measure = parsed.GetValue(_measure);
        Dictionary<string, double> times = measure ? Measure(store, output.Ui, cancellationToken) : [];
        Func<ModelEntry, double?> getTime = entry => !measure ? ModelTimings.Find(entry.Name) : times.TryGetValue(entry.Name, out double time) ? time : null;
        Table table = Tables.Create(Ui, "name", "cached", ">download", ">published", ">input", ">params", ">mult-adds", ">ms", "model", "license");
        foreach (ModelEntry entry in store.Entries)
        {
            table.Row(
                entry.Name,
                store.Find(entry) is null ? "no" : "yes",
                string.Create(CultureInfo.InvariantCulture, $"{entry.Source.TransferBytes / 1e6:0} MB"),
                FormatScore(entry),
                entry.Figures is { } input ? FormatInput(input) : "",
                entry.Figures is { } size ? Format(size.Parameters, "0.0 M") : "",
                entry.Figures is { } cost ? Format(cost.MultiplyAdds, "0.00 G") : "",
                getTime(entry) is { } time ? Format(time, "0") : "",
                entry.Summary,
                entry.License);
        }

        output.Ui.Write(table);
        output.Ui.Line();
        output.Ui.Dim($"Cache: {store.Folder}");
        output.Ui.Dim("AP is that of COCO val2017 in percent, as published; mult-adds are those of the network for one image; ms is a 640x480 JPEG to boxes in ONNX Runtime");
        output.Ui.Dim(measure ? "on this machine, for the detectors in the cache." : $"on {ModelTimings.Machine}; measure this machine with: focalsharp models --measure");
        output.Ui.Dim("Download a model with: focalsharp models pull NAME. Then use its name as a weights file.");
        output.Write(() => CreateJson(store, getTime));
        return Task.FromResult(ExitCodes.Success);
    }

    private static Dictionary<string, double> Measure(ModelStore store, ConsoleUi ui, CancellationToken cancellationToken)
    {
        (ModelEntry Entry, StoredModel Stored)[] cached =
            [.. store.Entries.Where(entry => entry.IsDetector).Select(entry => (entry, store.Find(entry))).Where(pair => pair.Item2 is not null).Select(pair => (pair.entry, pair.Item2!))];
        if (cached.Length == 0)
        {
            ui.Note("No detector is in the cache, so that there is nothing to measure. Download one with: focalsharp models pull NAME");
            return [];
        }

        ModelTimer timer = new();
        return ProgressReporter.Run(ui, "Measuring", cached.Length, progress =>
        {
            Dictionary<string, double> times = [];
            foreach ((ModelEntry entry, StoredModel stored) in cached)
            {
                cancellationToken.ThrowIfCancellationRequested();
                times.Add(entry.Name, timer.Measure(stored.Path, cancellationToken));
                progress.Report(times.Count);
            }

            return times;
        });
    }

    private static string FormatScore(ModelEntry entry) => entry.Figures is { } figures ? Format(figures.AP, "AP 0.0") : entry.PublishedScore;

    private static string FormatInput(ModelFigures figures) => string.Create(CultureInfo.InvariantCulture, $"{figures.Width}x{figures.Height}");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string CreateJson(ModelStore store, Func<ModelEntry, double?> getTime) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("cache", store.Folder);
        writer.WriteStartArray("models");
        foreach (ModelEntry entry in store.Entries)
        {
            WriteEntry(writer, entry, store.Find(entry), getTime(entry));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteEntry(Utf8JsonWriter writer, ModelEntry entry, StoredModel? stored, double? milliseconds)
    {
        writer.WriteStartObject();
        writer.WriteString("name", entry.Name);
        writer.WriteString("summary", entry.Summary);
        writer.WriteString("kind", entry.IsDetector ? "detector" : "backbone");
        writer.WriteString("score", entry.PublishedScore);
        if (entry.Figures is { } figures)
        {
            writer.WriteNumber("ap", figures.AP);
            writer.WriteString("input", FormatInput(figures));
            writer.WriteNumber("parameters_millions", figures.Parameters);
            writer.WriteNumber("multiply_adds_billions", figures.MultiplyAdds);
        }

        if (milliseconds is { } time)
        {
            writer.WriteNumber("milliseconds", time);
        }

        writer.WriteString("license", entry.License);
        writer.WriteString("origin", entry.Source.Origin);
        writer.WriteNumber("download_bytes", entry.Source.TransferBytes);
        if (stored is not null)
        {
            writer.WriteString("path", stored.Path);
            writer.WriteNumber("bytes", stored.Bytes);
            writer.WriteString("sha256", stored.Sha256);
        }

        writer.WriteEndObject();
    }
}
