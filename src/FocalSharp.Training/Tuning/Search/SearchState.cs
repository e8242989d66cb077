using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.IO;
using FocalSharp.Reporting;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning.Search;

/// <summary>What a search has found so far; <c>search.json</c>, <c>best.yaml</c> and <c>report.html</c> of its folder.</summary>
internal sealed record SearchState
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Gets the recipe with the best values.</summary>
    [JsonIgnore]
    public Recipe? Recipe { get; init; }

    /// <summary>Gets the parameters.</summary>
    public required IReadOnlyList<SearchParameter> Parameters { get; init; }

    /// <summary>Gets the trials in order.</summary>
    public required IReadOnlyList<SearchTrial> Trials { get; init; }

    /// <summary>Gets the best trial of the highest rung reached, or null if all failed.</summary>
    public SearchTrial? Best { get; init; }

    /// <summary>Gets the trial of the recipe itself on that rung, or null.</summary>
    public SearchTrial? Baseline { get; init; }

    /// <summary>Gets the AP of <see cref="Best"/> minus that of <see cref="Baseline"/>.</summary>
    public double? Difference { get; init; }

    /// <summary>Gets the standard error of the difference.</summary>
    public double? StandardError { get; init; }

    /// <summary>Gets the number of held-out images.</summary>
    public int HeldOutImages { get; init; }

    /// <summary>Gets the seconds of the search.</summary>
    public double Seconds { get; init; }

    /// <summary>Returns each parameter's importance, in order: <see cref="ParameterImportance"/> over the trials of the first rung.</summary>
    public IReadOnlyList<double> ComputeImportance()
    {
        SearchTrial[] first = [.. Trials.Where(trial => trial is { Rung: 0, AP: >= 0 })];
        return [.. Parameters.Select((parameter, i) => ParameterImportance.Compute(parameter, [.. first.Select(trial => trial.Values[i])], [.. first.Select(trial => trial.AP)]))];
    }

    /// <summary>Writes the files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="title">The title of the report.</param>
    /// <param name="command">The command that trains with the best recipe.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void Save(string folder, string title, string command)
    {
        AtomicFile.WriteText(Path.Combine(folder, "search.json"), JsonSerializer.Serialize(this, JsonOptions) + "\n");
        if (Recipe is not null && Best is not null)
        {
            AtomicFile.WriteText(Path.Combine(folder, "best.yaml"), RecipeBook.Describe(Recipe));
        }

        SearchReport.Save(ToReport(title, command), Path.Combine(folder, "report.html"));
    }

    private SearchReport ToReport(string title, string command)
    {
        IReadOnlyList<double> importance = ComputeImportance();
        return new SearchReport
        {
            Title = title,
            Command = command,
            Axes = [.. Parameters.Select((parameter, i) => new SearchReportAxis(
                parameter.Key,
                parameter.Choices.Count > 0 ? parameter.Choices : [$"{parameter.Min:G3}", $"{parameter.Max:G3}"],
                importance[i]))],
            Trials = [.. Trials.Where(trial => trial.AP >= 0).Select(trial => new SearchReportTrial(
                trial.Number, trial.Steps, trial.AP, trial.Values, [.. Parameters.Select((parameter, i) => parameter.GetPosition(trial.Values[i]))], trial == Best))],
            HeldOutImages = HeldOutImages,
            Difference = Difference,
            StandardError = StandardError,
        };
    }
}
