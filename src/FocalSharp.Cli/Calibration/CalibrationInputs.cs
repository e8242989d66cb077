using System.CommandLine;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Evaluation;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Models.Calibration;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Calibration;

/// <summary>The arguments of commands that learn something about a model from labeled images.</summary>
/// <param name="purpose">What the images are for, in the help text: calibrate on.</param>
internal sealed class CalibrationInputs(string purpose)
{
    /// <summary>Gets the data set.</summary>
    public Argument<string?> Data { get; } = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"The data set to {purpose}, or 'demo'; its images must not be those that the model was trained on",
    };

    /// <summary>Gets <c>--split</c>.</summary>
    public Option<string?> Split { get; } = ChoiceOption.Create(
        "--split", $"Split to {purpose} [default: the one that training evaluates on: test, else val, else 20 % held out]", "train", "val", "test", "all");

    /// <summary>Gets <c>--on-bad-image</c>.</summary>
    public Option<string?> OnBadImage { get; } = SharedOptions.OnBadImage("calibration");

    /// <summary>Gets <c>--max-megapixels</c>.</summary>
    public Option<int?> MaxMegapixels { get; } = SharedOptions.MaxMegapixels();

    /// <summary>Gets <c>--device</c>.</summary>
    public Option<string?> Device { get; } = SharedOptions.Device();

    /// <summary>Gets <c>--provider</c>.</summary>
    public Option<string?> Provider { get; } = SharedOptions.Provider();

    /// <summary>Returns what is wrong with the arguments.</summary>
    /// <param name="model">The model's argument.</param>
    /// <param name="result">The parsed command.</param>
    /// <param name="needsData">Whether a data set is needed.</param>
    /// <param name="exclusive">The option that needs no data, followed by those that it excludes.</param>
    public IEnumerable<string> Validate(ModelArgument model, CommandResult result, bool needsData, IReadOnlyList<Option> exclusive)
    {
        (string? name, IReadOnlyList<string> words) = model.Split(result, result.GetValue(Data));
        if (name is null)
        {
            yield return $"{model.Model.Name} is missing: {model.Model.Description}.";
        }
        else if (needsData && words.Count == 0)
        {
            yield return $"{Data.Name} is missing: {Data.Description}.";
        }
        else if (words.Count > (needsData ? 1 : 0))
        {
            yield return $"Unexpected argument '{words[^1]}'.";
        }

        foreach (Option option in needsData ? [] : exclusive.Skip(1).Where(option => result.GetResult(option) is { Implicit: false }))
        {
            yield return $"{exclusive[0].Name} needs no data, and excludes {option.Name}.";
        }
    }

    /// <summary>Runs the model on the images.</summary>
    /// <exception cref="FocalSharpException">The model or the data set cannot be used.</exception>
    public CalibrationRun Observe(ParseResult parsed, string file, string data, ConsoleUi ui, CancellationToken cancellationToken)
    {
        using IDisposable native = LibTorch.Preload();
        (DetectionDataset dataset, string split) = EvaluationSplit.Select(DataArgument.Open(data, ui, cancellationToken), parsed.GetValue(Split), ui);
        BadImages badImages = new(SharedOptions.ParseOnBadImage(parsed.GetValue(OnBadImage), FailureAction.Skip), dataset.Images.Count, "calibration");
        using IDetector detector = DetectorLoader.Load(file, new DetectorLoadOptions
        {
            Device = parsed.GetValue(Device),
            ExecutionProvider = parsed.GetValue(Provider),
            OnProviderFallback = ui.Warn,
            Decode = SharedOptions.GetDecodeOptions(parsed.GetValue(MaxMegapixels)) with { OnUnreadable = badImages.Skip },
        });
        ui.Dim($"Running {file} on {dataset.Name}, {split} ({Quantity.Format(dataset.Images.Count, "image")})");
        ObservedImages observed = ProgressReporter.Run(ui, "Detecting", dataset.Images.Count, progress =>
            ObservedImages.Create(detector, dataset, null, progress, cancellationToken));
        badImages.Report(ui.Warn);
        HashSet<string> bad = new(badImages.Paths, StringComparer.Ordinal);
        int[] readable = [.. Enumerable.Range(0, observed.Images.Count).Where(i => !bad.Contains(observed.Images[i].Path))];
        if (observed.UnmatchedClasses.Count > 0)
        {
            ui.Warn($"The model has no class {string.Join(", ", observed.UnmatchedClasses)}: its objects are left out.");
        }

        return new CalibrationRun(detector.Model, dataset.Name, split, observed with
        {
            Images = [.. readable.Select(i => observed.Images[i])],
            Detections = [.. readable.Select(i => observed.Detections[i])],
        });
    }
}
