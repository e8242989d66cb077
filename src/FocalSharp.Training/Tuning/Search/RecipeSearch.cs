using System.Diagnostics;
using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning.Search;

/// <summary>
/// Searches the values of recipe keys within a time: random sets of values (Bergstra and Bengio, JMLR 13, 2012), pruned by
/// <see cref="HalvingPlan"/>. Trials are trained on a part of the training images and evaluated on the held-out rest.
/// </summary>
internal sealed class RecipeSearch
{
    private readonly SearchRequest _request;
    private readonly IReadOnlyList<HeldOutFold> _folds;
    private readonly DetectionDataset _heldOut;
    private readonly Checkpoint? _pretrained;
    private readonly Action<SearchState> _save;
    private readonly TrainingEvents _events;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<SearchTrial> _trials = [];
    private double _secondsPerStep;

    private RecipeSearch(SearchRequest request, IReadOnlyList<HeldOutFold> folds, TrainingEvents events, Action<SearchState> save)
    {
        (_request, _folds, _events, _save) = (request, folds, events, save);
        _heldOut = request.Training with { Images = [.. folds.SelectMany(fold => fold.HeldOut.Images)] };
        _pretrained = request.Weights is { } weights
            ? FoldedNormCalibration.Read(
                weights, request.Training, request.Recipe.DecodeOptions, message => events.Report(TrainingEvent.WeightsLoaded, message))
            : null;
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Searches until the time is over.</summary>
    /// <param name="request">The recipe, the parameters, the data and the time.</param>
    /// <param name="events">Receives progress.</param>
    /// <param name="save">Receives the state after each trial.</param>
    /// <param name="cancellationToken">Ends the search early; what was measured is returned.</param>
    /// <exception cref="OptionException">A parameter is not a key of the recipe, or a value is invalid.</exception>
    /// <exception cref="DatasetException">There are too few labeled images to hold some out.</exception>
    public static SearchState Run(SearchRequest request, TrainingEvents events, Action<SearchState> save, CancellationToken cancellationToken)
    {
        foreach (SearchParameter parameter in request.Parameters)
        {
            _ = parameter.Read(request.Recipe);
            foreach (string value in parameter.Choices.Count > 0 ? parameter.Choices : [parameter.Min.ToString("R", CultureInfo.InvariantCulture), parameter.Max.ToString("R", CultureInfo.InvariantCulture)])
            {
                _ = parameter.Apply(request.Recipe, value).Validate();
            }
        }

        IReadOnlyList<HeldOutFold> folds = HeldOutFold.Create(request.Training, request.Recipe.Tuning, request.Options.Seed);
        return folds.Count > 0
            ? new RecipeSearch(request, folds, events, save).Run(cancellationToken)
            : throw new DatasetException($"{request.Training.Name}: too few labeled training images to hold some out for the search. Add images.");
    }

    private SearchState Run(CancellationToken cancellationToken)
    {
        using AdaptiveThreads threads = new(_events, _request.Options);
        TrialEnvironment environment = new(
            _request.Options, threads, new BadImages(_request.Recipe.OnBadImage, _request.Training.Images.Count, "training"), _events, _request.Weights);
        try
        {
            for (int bracket = 0; RunBracket(bracket, environment, cancellationToken); bracket++)
            {
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && _trials.Count > 0)
        {
            _events.Report(TrainingEvent.TuningMeasured, "The search was stopped; what was measured so far is used.");
        }

        return CreateState();
    }

    /// <summary>Runs a bracket of successive halving.</summary>
    /// <returns>False if the time is over.</returns>
    private bool RunBracket(int bracket, TrialEnvironment environment, CancellationToken cancellationToken)
    {
        int first = bracket * HalvingPlan.BracketSize;
        IEnumerable<(int Number, IReadOnlyList<string> Values)> sets = Enumerable.Range(first, HalvingPlan.BracketSize).Select(number => (number, Draw(number)));
        for (int rung = 0; rung < HalvingPlan.Rungs; rung++)
        {
            List<SearchTrial> finished = [];
            foreach ((int number, IReadOnlyList<string> values) in sets)
            {
                int steps = HalvingPlan.GetSteps(GetRunSteps(ApplyAll(values)), rung);
                if (_trials.Count > 0 && Elapsed.TotalSeconds + (_secondsPerStep * steps) > _request.Time.TotalSeconds)
                {
                    return false;
                }

                finished.Add(RunTrial(number, rung, steps, values, environment, cancellationToken));
            }

            // The recipe itself is measured on every rung, to compare with.
            IEnumerable<SearchTrial> promoted = HalvingPlan.Promote(finished);
            SearchTrial[] baseline = [.. finished.Where(trial => trial.Number == 0 && trial.AP >= 0)];
            sets = [.. promoted.Concat(baseline).DistinctBy(trial => trial.Number).Select(trial => (trial.Number, trial.Values))];
        }

        return true;
    }

    private SearchTrial RunTrial(
        int number, int rung, int steps, IReadOnlyList<string> values, TrialEnvironment environment, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        SearchTrial trial = new() { Number = number, Rung = rung, Steps = steps, Values = values, AP = -1, Seconds = 0 };
        try
        {
            using TuningTrial trained = TuningTrial.Run(
                ApplyAll(values), steps, _folds, _pretrained, environment, (done, total) => _events.ReportTuning($"trial {number}", done, total), cancellationToken);
            trial = trial with { AP = CocoEvaluator.Evaluate(_heldOut, trained.Detections).AP, Detections = trained.Detections };
        }
        catch (FocalSharpException exception) when (exception is TrainingException or OptionException)
        {
            trial = trial with { Error = exception.Message };
        }

        trial = trial with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
        _secondsPerStep = trial.Seconds / steps;
        _trials.Add(trial);
        string name = number == 0 ? "the recipe" : string.Join(", ", _request.Parameters.Zip(values).Select(pair => $"{pair.First.Key} {pair.Second}"));
        _events.Report(
            TrainingEvent.TuningMeasured,
            string.Create(CultureInfo.InvariantCulture, $"{Elapsed:h\\:mm\\:ss}  trial {number}, {steps} steps: AP {(trial.Error is null ? $"{trial.AP:0.000}" : "failed")}  {name}"),
            null,
            ("trial", number),
            ("steps", steps),
            ("setting", name),
            ("ap", trial.Error is null ? trial.AP : null),
            ("error", trial.Error));
        _save(CreateState());
        return trial;
    }

    private IReadOnlyList<string> Draw(int number)
    {
        if (number == 0)
        {
            return [.. _request.Parameters.Select(parameter => parameter.Read(_request.Recipe))];
        }

        AugmentationRandom random = new(_request.Options.Seed, number);
        string[] values = new string[_request.Parameters.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _request.Parameters[i].Sample(ref random);
        }

        return values;
    }

    private Recipe ApplyAll(IReadOnlyList<string> values) =>
        _request.Parameters.Zip(values).Aggregate(_request.Recipe, (recipe, pair) => pair.First.Apply(recipe, pair.Second));

    private int GetRunSteps(Recipe recipe)
    {
        Recipe planned = _request.Recipe.WithEpochsForImages(_request.Training.Images.Count);
        double steps = (double)planned.Epochs * _request.Training.Images.Count * planned.Repeat / planned.ImagesPerStep;
        return Math.Max(1, (int)Math.Round(steps * Recipe.GetSampleFactor(planned.Input.ShortSide, recipe.Input.ShortSide)));
    }

    private SearchState CreateState()
    {
        int rung = _trials.Max(trial => trial.Rung);
        SearchTrial? best = _trials.Where(trial => trial.Rung == rung && trial.AP >= 0).MaxBy(trial => trial.AP);
        SearchTrial? baseline = _trials.FirstOrDefault(trial => trial.Rung == rung && trial.Number == 0 && trial.AP >= 0);
        ApDifference? gain = best is null || baseline is null ? null : ApDifference.Compute(_heldOut, baseline.Detections, best.Detections);
        return new SearchState
        {
            Recipe = (best is null ? _request.Recipe : ApplyAll(best.Values)).WithSampleBudgetFrom(_request.Recipe.Input.ShortSide).WithoutTuning(),
            Parameters = _request.Parameters,
            Trials = [.. _trials],
            Best = best,
            Baseline = baseline,
            Difference = gain?.Difference,
            StandardError = gain?.StandardError,
            HeldOutImages = _heldOut.Images.Count,
            Seconds = Elapsed.TotalSeconds,
        };
    }
}

/// <summary>What to search.</summary>
internal sealed record SearchRequest
{
    /// <summary>Gets the recipe to start from, with the classes of the data set.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Gets the training images.</summary>
    public required DetectionDataset Training { get; init; }

    /// <summary>Gets the file of the pretrained weights, or null.</summary>
    public string? Weights { get; init; }

    /// <summary>Gets the parameters.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; init; } = SearchParameter.Defaults;

    /// <summary>Gets the time of the search. Default: one hour.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets the seed, precision, device and threads.</summary>
    public TrainerOptions Options { get; init; } = new();
}
