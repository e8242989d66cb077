using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Checks;
using FocalSharp.Datasets.Linting;
using FocalSharp.Imaging.Hashing;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>data check</c>.</summary>
internal static class DataCheckCommand
{
    /// <summary>Checks as asked; fails on errors, and on warnings where the request is strict.</summary>
    public static int Run(DataCheckRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        JsonOutput output = new(request.Json, ui);
        bool demo = request.Data == TrainingRun.Demo && !Path.Exists(request.Data);
        Recipe recipe = RecipeBook.Load(request.Recipe ?? (demo ? "gfl-demo" : WeightsRecipe.Default));
        DatasetCheckOptions options = OptionsOf(request, recipe);
        DetectionDataset dataset = demo ? DataSource.Open(request.Data, output.Ui, cancellation) : DatasetReader.Read(request.Data);
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<ImageFingerprint>? prints = request.Fast ? null : Steps.Show(
            output.Ui,
            "Looking at the pictures",
            dataset.Images.Count,
            steps => Fingerprinter.OfAll(dataset.Images, (done, _) => steps.Report(done), cancellation));
        DatasetReport report = DatasetCheck.Run(dataset, options, prints, cancellation);
        report = report with
        {
            Advice = report.Advice! with
            {
                Command = CommandLine.Of(RecipeCheck.CommandOf(report.Advice, recipe, request.Data, request.Recipe)),
            },
        };
        DataReportView.Write(output.Ui, report, request.All);
        output.Write(report.ToJson);
        LintSeverity worst = report.Findings.Select(finding => finding.Severity).DefaultIfEmpty().Max();
        return worst == LintSeverity.Error || (request.Strict && worst == LintSeverity.Warning) ? ExitCodes.UserError : ExitCodes.Success;
    }

    private static DatasetCheckOptions OptionsOf(DataCheckRequest request, Recipe recipe)
    {
        DatasetCheckOptions options = RecipeCheck.OptionsOf(recipe);
        options = request.Size is { } size ? options with { InputSize = size, Fit = options.Fit! with { LongSide = size, ShortSide = size } } : options;
        return options with { RegMax = request.RegMax ?? options.RegMax, MostExamples = request.All ? int.MaxValue : options.MostExamples };
    }
}
