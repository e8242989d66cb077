using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Synthetic;

namespace FocalSharp.Cli.Parsing;

/// <summary>Opens the data set that a command names: a path, or <c>demo</c> for the generated scenes.</summary>
internal static class DataArgument
{
    /// <summary>The name of the generated scenes.</summary>
    public const string Demo = "demo";

    private const int MaxWarnings = 5;

    /// <summary>Gets the folder that the demo's scenes are generated in.</summary>
    public static string DemoFolder { get; } = Path.Combine(RunFolder.DefaultRoot, "demo-data");

    /// <summary>Returns whether an argument stands for the demo's scenes.</summary>
    public static bool IsDemo(string data) => data == Demo && !Path.Exists(data);

    /// <summary>Generates the demo's scenes in a folder, unless they exist, and reads them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="ui">Shows the progress.</param>
    /// <param name="cancellationToken">Cancels the generation.</param>
    public static DetectionDataset OpenDemo(string folder, ConsoleUi ui, CancellationToken cancellationToken)
    {
        DemoOptions options = new();
        return ProgressReporter.Run(
            ui,
            "Generating scenes",
            options.TrainImages + options.ValImages,
            progress => DemoDataset.Create(folder, options, new SynchronousProgress<DemoProgress>(value => progress.Report(value.Done)), cancellationToken))
            with
        { Name = Demo };
    }

    /// <summary>Reads the data set and prints its first problems as warnings.</summary>
    /// <exception cref="FocalSharpException">The data set does not exist or cannot be read.</exception>
    public static DetectionDataset Open(string data, ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (IsDemo(data))
        {
            if (!Directory.Exists(DemoFolder))
            {
                ui.Dim($"Generating the demo scenes in {DemoFolder} (once)…");
            }

            return DemoDataset.Create(DemoFolder, cancellationToken: cancellationToken);
        }

        DetectionDataset dataset = DatasetReader.Read(data);
        WriteProblems(dataset, ui, $"focalsharp data check {data}");
        return dataset;
    }

    /// <summary>Prints the problems found while reading, one line for each cause.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="ui">The console.</param>
    /// <param name="check">The command that lists them all.</param>
    public static void WriteProblems(DetectionDataset dataset, ConsoleUi ui, string check)
    {
        IReadOnlyList<ProblemGroup> groups = ProblemGroup.Create(dataset.Problems);
        foreach (ProblemGroup group in groups.Take(MaxWarnings))
        {
            if (group.IsResolved)
            {
                ui.Note($"note: {group.Describe()}");
            }
            else
            {
                ui.Warn(group.Describe());
            }
        }

        if (groups.Count > MaxWarnings)
        {
            ui.Warn($"{groups.Count - MaxWarnings} more kinds of problems. List them with: {check}");
        }
    }
}
