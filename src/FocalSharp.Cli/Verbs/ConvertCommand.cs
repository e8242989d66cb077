using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>convert</c>.</summary>
internal static class ConvertCommand
{
    /// <summary>Converts as asked and returns the exit code.</summary>
    public static int Run(ConvertRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        DetectionDataset dataset = DatasetReader.Read(request.Source);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (DatasetProblem problem in dataset.Problems)
        {
            ui.Warn(problem.Message);
        }

        DatasetWriteReport written = DatasetWriter.Write(
            dataset,
            Enum.Parse<DatasetFormat>(request.Format, ignoreCase: true),
            request.Out,
            new DatasetWriteOptions { Overwrite = request.Overwrite, CopyImages = request.CopyImages });
        foreach (string loss in written.Warnings)
        {
            ui.Warn(loss);
        }

        ui.Success($"{written.Images} images with {written.Objects} objects written to {request.Out}");
        ui.Dim($"Try: focalsharp data check {written.EntryPoint}");
        return ExitCodes.Success;
    }
}
