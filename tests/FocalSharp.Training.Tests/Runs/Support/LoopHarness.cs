using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>A training loop without the run around it; tests may change the trainer after each step.</summary>
internal sealed class LoopHarness : ITrainingCallback, IProgress<TrainingProgress>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunWriter _writer;
    private readonly Trainer _trainer;
    private readonly TrainingLoop _loop;
    private readonly Action<StepMetrics, Trainer> _onStep;

    public LoopHarness(Recipe recipe, DetectionDataset data, Action<StepMetrics, Trainer>? onStep = null)
    {
        recipe = recipe with { EvaluateEvery = recipe.Epochs, Model = recipe.Model with { Classes = data.Classes } };
        _onStep = onStep ?? ((_, _) => { });
        Model = new GflDetector(recipe.Model);
        SampleLoader loader = new(data, recipe, seed: 0);
        _trainer = new Trainer(Model, recipe, loader.StepsPerEpoch, new TrainerOptions { Precision = Precision.Float32 });
        TrainingEvents events = new(this, [this]);
        Folder = RunFolder.Create(_folder.In("run"));
        _writer = new RunWriter(Folder, recipe, data.Name, [], events);
        Evaluator evaluator = new(data with { Images = [.. data.Images.Take(1)] }, recipe.Input.ResizeRule, []);
        _loop = new TrainingLoop(recipe, _trainer, loader, evaluator, _writer, events, new RunClock(TimeProvider.System));
    }

    public GflDetector Model { get; }

    public RunFolder Folder { get; }

    public List<string> Warnings { get; } = [];

    public List<StepMetrics> Steps { get; } = [];

    public List<TrainingProgress> BadSteps { get; } = [];

    public void Run() => _loop.Run(evaluatePretrained: false, finish: null, TestContext.Current.CancellationToken);

    public void OnStepCompleted(StepMetrics step, GflDetector model)
    {
        Assert.True(_trainer.IsBetweenSteps);
        Assert.Same(Model, model);
        Steps.Add(step);
        _onStep(step, _trainer);
    }

    public void Report(TrainingProgress value)
    {
        if (value.Event == TrainingEvent.BadStepSkipped)
        {
            BadSteps.Add(value);
        }
        else if (value.Event == TrainingEvent.Warning)
        {
            Warnings.Add(value.Message);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _trainer.Dispose();
        Model.Dispose();
        _folder.Dispose();
    }
}
