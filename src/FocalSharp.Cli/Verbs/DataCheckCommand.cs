using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Imaging.Hashing;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>data check</c>.</summary>
internal static class DataCheckCommand
{
    /// <summary>Checks as asked; fails on errors, and on warnings where the request is strict.</summary>
    public static int Run(DataCheckRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        JsonOutput output = new(request.Json, ui);
        bool demo = request.Data == TrainingRun.DemoDataName && !Path.Exists(request.Data);
        Recipe recipe = RecipeBook.Load(request.Recipe ?? (demo ? "gfl-demo" : RecipeSelector.Default));
        DatasetCheckOptions options = GetOptions(request, recipe);
        DetectionDataset dataset = demo ? DataSource.Open(request.Data, output.Ui, cancellationToken) : DatasetReader.Read(request.Data);
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ImageFingerprint>? prints = request.Fast ? null : ProgressReporter.Run(
            output.Ui,
            "Looking at the pictures",
            dataset.Images.Count,
            steps => Fingerprinter.ComputeAll(dataset.Images, (done, _) => steps.Report(done), cancellationToken));
        DatasetReport report = DatasetCheck.Run(dataset, options, prints, cancellationToken);
        report = report with
        {
            RecommendedSettings = report.RecommendedSettings! with
            {
                Command = CommandLine.Format(RecipeCheck.BuildTrainCommand(report.RecommendedSettings, recipe, request.Data, request.Recipe)),
            },
        };
        DataReportView.Write(output.Ui, report, request.All);
        output.Write(report.ToJson);
        LintSeverity worst = report.Findings.Select(finding => finding.Severity).DefaultIfEmpty().Max();
        return worst == LintSeverity.Error || (request.Strict && worst == LintSeverity.Warning) ? ExitCodes.UserError : ExitCodes.Success;
    }

    private static DatasetCheckOptions GetOptions(DataCheckRequest request, Recipe recipe)
    {
        DatasetCheckOptions options = RecipeCheck.CreateCheckOptions(recipe);
        options = request.Size is { } size ? options with { InputSize = size, Fit = options.Fit! with { LongSide = size, ShortSide = size } } : options;
        return options with { RegMax = request.RegMax ?? options.RegMax, MaxExamples = request.All ? int.MaxValue : options.MaxExamples };
    }
}
