using System.Diagnostics;
using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning;

/// <summary>
/// Chooses settings for a data set by measuring them on it: short trainings (trials) on a part of the training images are evaluated on the
/// held-out rest. A setting that costs time replaces the recipe's only if it improves the AP significantly. The evaluation
/// split is never used. The same seed gives the same choice, except under a time limit, which decides how many trials fit.
/// </summary>
internal sealed class RecipeTuner
{
    /// <summary>The fraction of a time limit that tuning may take.</summary>
    public const double MaxTimeFraction = 0.3;

    // An image costs about three times as much in training (forward and twice as much backward) as in detection.
    private const double TrainingToDetectionCost = 3;
    private const double MinScore = 0.02;

    // A third to a half of a run at the default trial lengths: long enough to show whether training gains or loses.
    private const int LongTrialFactor = 4;
    private const int SizeStep = 32;
    private const double SmallArea = 32 * 32; // COCO's small objects
    private const int MaxNamedClasses = 3;

    private static readonly string LongTrial = $"recipe, {LongTrialFactor} × the steps";

    private readonly DetectionDataset _training;
    private readonly DetectionDataset _heldOut;
    private readonly IReadOnlyList<HeldOutFold> _folds;
    private readonly Checkpoint _pretrained;
    private readonly IReadOnlyList<string> _namedMatches;
    private readonly TrialEnvironment _environment;
    private readonly TrainingEvents _events;
    private readonly TuningLog _log;
    private readonly int _trialSteps;
    private readonly long _started = Stopwatch.GetTimestamp();
    private Recipe _recipe;
    private IReadOnlyList<IReadOnlyList<Detection>> _pretrainedDetections = [];
    private IReadOnlyList<IReadOnlyList<Detection>>? _longDetections;
    private IReadOnlyList<ClassMatch> _matches = [];
    private IReadOnlyList<ClassMetrics> _pretrainedClasses = [];
    private double _trialSeconds;
    private double _rateFactor = 1;

    private RecipeTuner(
        Recipe recipe, DetectionDataset training, IReadOnlyList<HeldOutFold> folds, Checkpoint pretrained, TrialEnvironment environment)
    {
        (_recipe, _training, _folds, _environment, _events) = (recipe, training, folds, environment, environment.Events);
        _heldOut = training with { Images = [.. folds.SelectMany(fold => fold.HeldOut.Images)] };
        _log = new TuningLog(_heldOut, _events);
        _pretrained = pretrained;
        _namedMatches = recipe.Transfer.ClassMatches;
        _trialSteps = GetTrialSteps(recipe, training.Images.Count, folds.Count);
    }

    /// <summary>Tunes a recipe.</summary>
    /// <param name="recipe">The recipe, with the classes of the data set.</param>
    /// <param name="training">The training images.</param>
    /// <param name="pretrained">The weights that trials start from.</param>
    /// <param name="environment">How trials are run, what receives progress and the result, and the file of the pretrained weights of a whole detector.</param>
    /// <param name="cancellationToken">Cancels the tuning.</param>
    /// <returns>The recipe to train with, in which tuning is disabled, and what was measured.</returns>
    /// <exception cref="OperationCanceledException">The tuning was canceled.</exception>
    /// <exception cref="FocalSharpException">The weights or an image cannot be read.</exception>
    public static (Recipe Recipe, TuningResult Result) Run(
        Recipe recipe, DetectionDataset training, Checkpoint pretrained, TrialEnvironment environment, CancellationToken cancellationToken)
    {
        IReadOnlyList<HeldOutFold> folds = HeldOutFold.Create(training, recipe.Tuning, environment.Options.Seed);
        if (folds.Count == 0)
        {
            TuningResult none = new() { Summary = "Tuning: too few labeled images to hold some out; the recipe is used as it is" };
            environment.Events.Report(TrainingEvent.TuningCompleted, none.Summary);
            return (recipe.WithoutTuning(), none);
        }

        return new RecipeTuner(recipe, training, folds, pretrained, environment).Run(cancellationToken);
    }

    private (Recipe Recipe, TuningResult Result) Run(CancellationToken cancellationToken)
    {
        _events.Report(
            TrainingEvent.TuningStarted,
            $"Tuning: measuring settings on {_heldOut.Images.Count} held-out training images ({DescribeTrials()})",
            null,
            ("held_out_images", _heldOut.Images.Count));
        MatchClasses(cancellationToken);
        TuningTrial? best = null;
        try
        {
            if (IsInTime())
            {
                best = TryTrial("recipe", _recipe, best, needsSignificance: true, cancellationToken);
                best = TryBackbones(best, cancellationToken);
                best = TryLearningRates(best, cancellationToken);
                best = TryDistillation(best, cancellationToken);
                best = TrySizes(best, cancellationToken);
                _recipe = best.Recipe;
                TryShares(best, cancellationToken);
                _recipe = LimitEpochs(_recipe);
            }

            _recipe = RemoveMatches(_recipe);
        }
        finally
        {
            best?.Dispose();
        }

        TuningResult result = _log.Complete(_trialSteps, Stopwatch.GetElapsedTime(_started).TotalSeconds);
        return (_recipe.WithoutTuning(), result);
    }

    /// <summary>Evaluates the weights as they are, and finds the classes that they detect under other names.</summary>
    private void MatchClasses(CancellationToken cancellationToken)
    {
        using TorchDetector weights = TorchDetector.Load(_environment.Weights!, new DetectorLoadOptions { Precision = _environment.Options.Precision, Device = _environment.Options.Device });
        using TorchDetector detector = new(weights.Network, _recipe.Input.ResizeRule, new DetectorLoadOptions { Decode = _environment.GetDecodeOptions(_recipe) });
        long started = Stopwatch.GetTimestamp();
        DetectOptions options = new() { ScoreThreshold = MinScore, MaxDetections = 200, Quantiles = [] };
        Detection[][] detections = detector.DetectAll(_heldOut.Images, options, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        _trialSeconds = TrainingToDetectionCost * seconds / _heldOut.Images.Count * _trialSteps * _recipe.ImagesPerStep * _folds.Count;
        _matches = ClassMatches.Find(_heldOut, detections, detector.Classes);
        _pretrainedDetections = ClassMatches.Translate(detections, _matches, detector.Classes);
        _recipe = AddMatches(_recipe, _matches);
        _pretrainedClasses = _log.Add("pretrained weights", _pretrainedDetections, seconds, _matches).PerClass;
    }

    /// <summary>
    /// Adds the pretrained classes of other names that detect the classes: a trial that starts from them is like a longer one. A match that the recipe
    /// names is kept.
    /// </summary>
    private static Recipe AddMatches(Recipe recipe, IEnumerable<ClassMatch> matches)
    {
        IEnumerable<ClassMatch> added = matches.Where(match => match.HasOtherName && recipe.Transfer.GetInitialClassNames([match.ClassName])[0] == match.ClassName);
        return recipe with
        {
            Transfer = recipe.Transfer with { ClassMatches = [.. recipe.Transfer.ClassMatches, .. added.Select(match => $"{match.ClassName}={match.MatchedClass}")] },
        };
    }

    /// <summary>
    /// Removes the matches that were added, except those of distilled classes, unless the rate is low: a whole run at a high rate forgets what the weights
    /// know, and look-alike classes that start from the same pretrained class only stay alike for longer.
    /// </summary>
    private Recipe RemoveMatches(Recipe recipe)
    {
        ClassMatch[] kept = [.. _matches.Where(match => match.HasOtherName && (_rateFactor < 1 || recipe.Transfer.DistilledClasses.Contains(match.ClassName)))];
        if (kept.Length > 0)
        {
            _log.AddChange(string.Create(
                CultureInfo.InvariantCulture,
                $"{kept.Length} of {_matches.Count} classes start from the pretrained class that detects them best under another name (mean AP50 {kept.Average(match => match.AP50):0.00})"));
        }

        return AddMatches(recipe with { Transfer = recipe.Transfer with { ClassMatches = _namedMatches } }, kept);
    }

    /// <summary>Runs a trial and returns the better one of it and the best so far.</summary>
    private TuningTrial TryTrial(string setting, Recipe recipe, TuningTrial? best, bool needsSignificance, CancellationToken cancellationToken)
    {
        if (best is not null && !IsInTime())
        {
            return best;
        }

        long started = Stopwatch.GetTimestamp();
        TuningTrial trial = RunTrial(setting, recipe, GetTrialSteps(recipe), cancellationToken);
        _trialSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!_log.Compare(setting, best?.Detections, trial.Detections, _trialSeconds, needsSignificance))
        {
            trial.Dispose();
            return best!;
        }

        best?.Dispose();
        return trial;
    }

    private TuningTrial RunTrial(string setting, Recipe recipe, int steps, CancellationToken cancellationToken) => TuningTrial.Run(
        recipe, steps, _folds, _pretrained, _environment, (done, total) => _events.ReportTuning(setting, done, total), cancellationToken);

    private TuningTrial TryBackbones(TuningTrial best, CancellationToken cancellationToken)
    {
        foreach (double factor in _recipe.Tuning.BackboneFactors.Where(factor => factor != _recipe.Optimizer.BackboneFactor))
        {
            Recipe recipe = best.Recipe with { Optimizer = best.Recipe.Optimizer with { BackboneFactor = factor } };
            best = TryTrial($"backbone's learning rate × {Format(factor)}", recipe, best, needsSignificance: true, cancellationToken);
        }

        return best;
    }

    /// <summary>
    /// Tries lower learning rates, but only if the pretrained weights are better as they are than after the best trial: otherwise training has
    /// more to gain than to lose. A short trial favors a low rate, since a high one gains over the whole run (or loses, if the classes are
    /// known), so the recipe is measured once more in a longer trial.
    /// </summary>
    private TuningTrial TryLearningRates(TuningTrial recipe, CancellationToken cancellationToken)
    {
        if (ApDifference.Compute(_heldOut, recipe.Detections, _pretrainedDetections).Difference <= 0 || !IsInTime(1 + LongTrialFactor))
        {
            return recipe;
        }

        int changes = _log.ChangeCount;
        TuningTrial best = recipe;
        foreach (double factor in _recipe.Tuning.LearningRateFactors.Where(factor => factor != 1))
        {
            Recipe changed = best.Recipe with { Optimizer = best.Recipe.Optimizer with { LearningRate = factor * _recipe.Optimizer.LearningRate } };
            TuningTrial trial = TryTrial($"learning rate × {Format(factor)}", changed, best, needsSignificance: false, cancellationToken);
            _rateFactor = ReferenceEquals(trial, best) ? _rateFactor : factor;
            best = trial;
        }

        if (ReferenceEquals(best, recipe) || !IsBetterWithMoreSteps(recipe.Recipe, best, cancellationToken))
        {
            return best;
        }

        best.Dispose();
        _rateFactor = 1;
        _log.RemoveChanges(changes);
        return recipe; // its weights are gone; its detections, which the next trials are compared with, are not
    }

    private bool IsBetterWithMoreSteps(Recipe recipe, TuningTrial low, CancellationToken cancellationToken)
    {
        (IReadOnlyList<IReadOnlyList<Detection>> detections, double seconds) = RunLongTrial(recipe, cancellationToken);
        return _log.Compare(LongTrial, low.Detections, detections, seconds, needsSignificance: false);
    }

    private (IReadOnlyList<IReadOnlyList<Detection>> Detections, double Seconds) RunLongTrial(Recipe recipe, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using TuningTrial trial = RunTrial(LongTrial, recipe, LongTrialFactor * _trialSteps, cancellationToken);
        _longDetections = trial.Detections;
        return (trial.Detections, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>
    /// Tries to distill the pretrained weights in those classes that they detect better as they are than after training. A class that is detected
    /// by chance is learned with more steps, so a longer trial of the recipe decides which classes those are; its cost is spent only if a class is
    /// detected significantly better.
    /// </summary>
    private TuningTrial TryDistillation(TuningTrial best, CancellationToken cancellationToken)
    {
        if (_recipe.Tuning.DistillationRateFactors.Count == 0 || _rateFactor < 1 || FindClassesBetterPretrained(best.Detections, needsSignificance: true).Count == 0 || !IsInTime(LongTrialFactor + 1))
        {
            return best;
        }

        if (_longDetections is null)
        {
            (IReadOnlyList<IReadOnlyList<Detection>> detections, double seconds) = RunLongTrial(best.Recipe, cancellationToken);
            _ = _log.Add(LongTrial, detections, seconds);
        }

        IReadOnlyList<string> classes = FindClassesBetterPretrained(_longDetections!, needsSignificance: false);
        if (classes.Count == 0)
        {
            return best;
        }

        Recipe recipe = best.Recipe with { Transfer = best.Recipe.Transfer with { DistilledClasses = classes } };
        foreach (double factor in recipe.Tuning.DistillationRateFactors.OrderDescending())
        {
            Recipe changed = recipe with { Optimizer = recipe.Optimizer with { LearningRate = factor * recipe.Optimizer.LearningRate } };
            string setting = $"distillation of {Describe(classes)} from the pretrained weights{(factor == 1 ? "" : $", learning rate × {Format(factor)}")}";
            best = TryTrial(setting, changed, best, needsSignificance: false, cancellationToken);
        }

        return best;
    }

    private IReadOnlyList<string> FindClassesBetterPretrained(IReadOnlyList<IReadOnlyList<Detection>> trained, bool needsSignificance)
    {
        IReadOnlyList<ClassMetrics> after = CocoEvaluator.Evaluate(_heldOut, trained).PerClass;
        return [.. _matches.Where((match, i) => match.MatchedClass is not null
            && after[i].AP >= 0
            && _pretrainedClasses[i].AP > after[i].AP
            && (!needsSignificance || ApDifference.ComputeForClass(_heldOut, i, trained, _pretrainedDetections).IsSignificantImprovement)).Select(match => match.ClassName)];
    }

    /// <summary>
    /// Tries smaller inputs, which train more samples in the same time, while they improve. Then, if most objects are small, larger ones, up to the size of
    /// the images: beyond it, there is nothing more to see.
    /// </summary>
    private TuningTrial TrySizes(TuningTrial best, CancellationToken cancellationToken)
    {
        int longest = _training.Images.Max(image => Math.Max(image.Width, image.Height));
        int[] smaller = [.. _recipe.Tuning.Sizes.Where(size => size < _recipe.Input.ShortSide).OrderDescending()];
        int[] larger = [.. _recipe.Tuning.Sizes.Where(size => size > _recipe.Input.ShortSide && size < longest + SizeStep && AreMostObjectsSmall(_training, _recipe)).Order()];
        foreach (int[] sizes in (int[][])[smaller, larger])
        {
            Recipe recipe = best.Recipe with { Input = _recipe.Input, SampleBudget = _recipe.SampleBudget };
            foreach (int size in sizes)
            {
                TuningTrial trial = TryTrial($"input {size} px", WithSize(recipe, size), best, needsSignificance: true, cancellationToken);
                if (ReferenceEquals(trial, best))
                {
                    break;
                }

                best = trial;
            }
        }

        return best;
    }

    /// <summary>
    /// Returns whether most objects are small at the input size. The others gain less from a larger input than from the samples that it costs, which a short
    /// trial does not show: it has too few samples for any input.
    /// </summary>
    /// <param name="training">The training images.</param>
    /// <param name="recipe">The recipe with the input.</param>
    internal static bool AreMostObjectsSmall(DetectionDataset training, Recipe recipe)
    {
        DatasetCheckOptions input = RecipeCheck.CreateCheckOptions(recipe);
        (double Width, double Height)[] sizes = [.. from image in training.Images from item in image.Objects where !item.IsCrowd select input.SizeOf(image, item)];
        return 2 * sizes.Count(size => size.Width * size.Height < SmallArea) > sizes.Length;
    }

    /// <summary>
    /// Evaluates averages of the best trial's weights and the pretrained ones, and chooses the best one. Only a low learning rate leaves the
    /// weights near enough to the pretrained ones for an average measured after a trial to hold after the whole training.
    /// </summary>
    private void TryShares(TuningTrial trial, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<Detection>> best = trial.Detections;
        if (_rateFactor >= 1)
        {
            return;
        }

        foreach (double share in _recipe.Tuning.PretrainedShares.Where(share => share > 0).Order())
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<IReadOnlyList<Detection>> detections = trial.DetectAveraged(_pretrained, share, cancellationToken);
            if (_log.Compare($"pretrained share {Format(share)}", best, detections, Stopwatch.GetElapsedTime(started).TotalSeconds, needsSignificance: false))
            {
                best = detections;
                _recipe = _recipe with { Transfer = _recipe.Transfer with { PretrainedShare = share } };
            }
        }
    }

    // Where the pretrained weights are better than trained ones, only what was measured is done: a longer training moves them further away.
    private Recipe LimitEpochs(Recipe recipe) => _rateFactor >= 1 || recipe.Epochs > 0 ? recipe : recipe with
    {
        Epochs = Math.Max(1, (int)Math.Round((double)_trialSteps * recipe.ImagesPerStep / (_training.Images.Count * recipe.Repeat))),
        MaxSamples = _trialSteps * recipe.ImagesPerStep,
    };

    // The trial of a larger input has as many steps as that of the recipe, since fewer steps matter less in the whole run than in a trial: with the same
    // time, a larger input that gains in the run loses in the trial.
    private int GetTrialSteps(Recipe recipe) =>
        (int)Math.Round(_trialSteps * Math.Max(1, Recipe.GetSampleFactor(_recipe.Input.ShortSide, recipe.Input.ShortSide)));

    private static int GetTrialSteps(Recipe recipe, int images, int folds)
    {
        Recipe planned = recipe.WithEpochsForImages(images);
        double samples = (double)planned.Epochs * images * planned.Repeat;
        int steps = (int)Math.Round(planned.Tuning.TrialFraction * samples / planned.ImagesPerStep / folds);
        return Math.Max(steps, planned.Tuning.MinTrialSteps);
    }

    private bool IsInTime(int trials = 1) =>
        _recipe.Minutes <= 0 || Stopwatch.GetElapsedTime(_started).TotalSeconds + (trials * _trialSeconds) <= MaxTimeFraction * 60 * _recipe.Minutes;

    private string DescribeTrials() =>
        $"trials of {_trialSteps} steps{(_folds.Count > 1 ? ", each on both halves of the images" : $" on the other {_folds[0].Train.Images.Count}")}";

    private static Recipe WithSize(Recipe recipe, int size) =>
        (recipe with { Input = recipe.Input.WithSize(size), AutoBatch = recipe.AutoBatch || size > recipe.Input.ShortSide }).WithSampleBudgetFrom(recipe.Input.ShortSide);

    private static string Describe(IReadOnlyList<string> classes) =>
        classes.Count <= MaxNamedClasses ? string.Join(", ", classes) : $"{string.Join(", ", classes.Take(MaxNamedClasses))} and {classes.Count - MaxNamedClasses} more classes";

    private static string Format(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
