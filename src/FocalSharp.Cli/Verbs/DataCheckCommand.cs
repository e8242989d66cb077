using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Checks;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>data check</c>.</summary>
internal static class DataCheckCommand
{
    /// <summary>Checks as asked; fails where an entry cannot be used.</summary>
    public static int Run(DataCheckRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        DetectionDataset dataset = DatasetReader.Read(request.Path);
        cancellation.ThrowIfCancellationRequested();
        DatasetReport report = DatasetCheck.Run(dataset, new DatasetCheckOptions { InputSize = request.Size, RegMax = request.RegMax });
        JsonOutput output = new(request.Json, ui);
        DataReportView.Write(output.Ui, report, request.All);
        output.Write(report.ToJson);
        return report.Problems.Any(problem => DataReportView.IsFault(problem.Kind)) ? ExitCodes.UserError : ExitCodes.Success;
    }
}
