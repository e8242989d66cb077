using System.Diagnostics;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distillation;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning;

/// <summary>A short training with a recipe, and what its weights detect in the held-out images.</summary>
internal sealed class TuningTrial : IDisposable
{
    private readonly IReadOnlyList<HeldOutFold> _folds;
    private readonly TrialEnvironment _environment;
    private readonly List<GflDetector> _models = [];

    private TuningTrial(Recipe recipe, IReadOnlyList<HeldOutFold> folds, TrialEnvironment environment)
    {
        Recipe = recipe;
        (_folds, _environment) = (folds, environment);
    }

    /// <summary>Gets the recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Gets the detections of each held-out image at the recipe's input size, fold by fold.</summary>
    public IReadOnlyList<IReadOnlyList<Detection>> Detections { get; private set; } = [];

    /// <summary>Trains a model on each fold with a complete schedule and detects the held-out images.</summary>
    /// <param name="recipe">The recipe; its epochs are ignored.</param>
    /// <param name="steps">Steps of the optimizer.</param>
    /// <param name="folds">The folds.</param>
    /// <param name="pretrained">The weights to start from; null to train from scratch.</param>
    /// <param name="environment">Seed, threads, and what happens to unreadable images.</param>
    /// <param name="progress">Receives the steps taken and the steps of the trial.</param>
    /// <param name="cancellationToken">Cancels the trial.</param>
    /// <exception cref="OperationCanceledException">The trial was canceled.</exception>
    /// <exception cref="FocalSharpException">An image cannot be read.</exception>
    public static TuningTrial Run(
        Recipe recipe,
        int steps,
        IReadOnlyList<HeldOutFold> folds,
        Checkpoint? pretrained,
        TrialEnvironment environment,
        Action<int, int> progress,
        CancellationToken cancellationToken)
    {
        TuningTrial trial = new(recipe, folds, environment);
        try
        {
            foreach (HeldOutFold fold in folds)
            {
                int done = trial._models.Count * steps;
                trial._models.Add(Train(recipe, steps, fold.Train, pretrained, environment, step => progress(done + step, folds.Count * steps), cancellationToken));
            }

            trial.Detections = trial.Detect(trial._models, cancellationToken);
            return trial;
        }
        catch
        {
            trial.Dispose();
            throw;
        }
    }

    /// <summary>Detects the held-out images with averages of the trial's weights and the pretrained ones.</summary>
    /// <param name="pretrained">The pretrained weights.</param>
    /// <param name="share">Their share, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the detection.</param>
    public IReadOnlyList<IReadOnlyList<Detection>> DetectAveraged(Checkpoint pretrained, double share, CancellationToken cancellationToken)
    {
        List<GflDetector> averaged = [];
        try
        {
            foreach (GflDetector model in _models)
            {
                averaged.Add(PretrainedAverage.Create(model, pretrained, Recipe.Transfer.GetInitialClassNames(Recipe.Model.Classes), share));
            }

            return Detect(averaged, cancellationToken);
        }
        finally
        {
            averaged.ForEach(model => model.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _models.ForEach(model => model.Dispose());
        _models.Clear();
    }

    private static GflDetector Train(
        Recipe recipe,
        int steps,
        DetectionDataset images,
        Checkpoint? pretrained,
        TrialEnvironment environment,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        TrainerOptions options = environment.Options;
        int stepsPerEpoch = new SampleLoader(images, recipe, options.Seed).StepsPerEpoch;
        recipe = recipe with { Epochs = (steps + stepsPerEpoch - 1) / stepsPerEpoch };
        SampleLoader loader = new(images, recipe, options.Seed, null, environment.BadImages, environment.Events.Warn);
        GflDetector model = new(recipe.Model, (ulong)options.Seed);
        bool done = false;
        try
        {
            if (pretrained is not null)
            {
                CheckpointImporter.Load(model, pretrained, recipe.Transfer.GetInitialClassNames(recipe.Model.Classes));
            }

            using Distiller? distiller = environment.Weights is null ? null : Distiller.LoadPretrained(environment.Weights, recipe, options);
            using Trainer trainer = new(model, recipe, stepsPerEpoch, options, distiller: distiller);
            trainer.RescaleTo(steps);
            TrainingStep step = new(trainer);
            long started = Stopwatch.GetTimestamp();
            for (int epoch = 0; trainer.NextStep < steps; epoch++)
            {
                foreach (TrainingBatch[] group in loader.LoadEpoch(epoch, options.LoaderWorkers).Chunk(recipe.Accumulate))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (step.Take(group, epoch).BadStep is not null)
                    {
                        trainer.BatchNormStatistics.Restore(); // the step changed nothing else
                    }

                    environment.Threads.AfterStep(Stopwatch.GetElapsedTime(started).TotalSeconds);
                    started = Stopwatch.GetTimestamp();
                    progress(++trainer.NextStep);
                    if (trainer.NextStep == steps)
                    {
                        break;
                    }
                }
            }

            PretrainedAverage.Copy(trainer.EvaluationModel, model);
            done = true;
            return model;
        }
        finally
        {
            if (!done)
            {
                model.Dispose();
            }
        }
    }

    private List<IReadOnlyList<Detection>> Detect(IReadOnlyList<GflDetector> models, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<Detection>> detections = [];
        foreach ((GflDetector model, HeldOutFold fold) in models.Zip(_folds))
        {
            Evaluator evaluator = new(fold.HeldOut, Recipe.Input.ResizeRule, [], Recipe.DecodeOptions, _environment.BadImages, _environment.Events.Warn);
            detections.AddRange(evaluator.Detect(model, _ => { }, cancellationToken));
        }

        return detections;
    }
}
