using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Synthetic;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Opens what a user calls DATA: a path, or <c>demo</c>.</summary>
internal static class DataSource
{
    /// <summary>The word for the data set that needs no download.</summary>
    public const string Demo = TrainingRun.DemoDataName;

    /// <summary>Where the demo's pictures are drawn.</summary>
    public static string DemoFolder => TrainingRequest.DefaultDemoFolder;

    /// <summary>Reads the data set; faults in it are told, up to a few, as warnings.</summary>
    /// <exception cref="FocalSharpException">There is none, or it cannot be read.</exception>
    public static DetectionDataset Open(string data, ConsoleUi ui, CancellationToken cancellationToken)
    {
        if (string.Equals(data, Demo, StringComparison.Ordinal) && !Path.Exists(data))
        {
            if (!Directory.Exists(DemoFolder))
            {
                ui.Dim($"Drawing the demo's scenes into {DemoFolder} (once)…");
            }

            return DemoDataset.Create(DemoFolder, cancellationToken: cancellationToken);
        }

        const int MaxShown = 5;
        DetectionDataset dataset = DatasetReader.Read(data);
        foreach (DatasetProblem problem in dataset.Problems.Take(MaxShown))
        {
            ui.Warn(problem.Message);
        }

        if (dataset.Problems.Count > MaxShown)
        {
            ui.Warn($"{dataset.Problems.Count - MaxShown} more findings: focalsharp data check {data}");
        }

        return dataset;
    }
}
