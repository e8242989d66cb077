using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Opens what a user calls DATA: a path, or <c>demo</c>.</summary>
internal static class DataSource
{
    /// <summary>The word for the data set that needs no download.</summary>
    public const string Demo = TrainingRun.Demo;

    /// <summary>Where the demo's pictures are drawn.</summary>
    public static string DemoFolder => TrainingRequest.DefaultDemoFolder;

    /// <summary>Reads the data set; faults in it are told, up to a few, as warnings.</summary>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static DetectionDataset Open(string data, ConsoleUi ui, CancellationToken cancellation)
    {
        if (string.Equals(data, Demo, StringComparison.Ordinal) && !Path.Exists(data))
        {
            if (!Directory.Exists(DemoFolder))
            {
                ui.Quiet($"Drawing the demo's scenes into {DemoFolder} (once)…");
            }

            return DemoDataset.Create(DemoFolder, cancellation: cancellation);
        }

        const int MostShown = 5;
        DetectionDataset dataset = DatasetReader.Read(data);
        foreach (DatasetProblem problem in dataset.Problems.Take(MostShown))
        {
            ui.Warn(problem.Message);
        }

        if (dataset.Problems.Count > MostShown)
        {
            ui.Warn($"{dataset.Problems.Count - MostShown} more findings: focalsharp data check {data}");
        }

        return dataset;
    }
}
