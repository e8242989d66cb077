using FocalSharp.Datasets;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Loop.Faults;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

/// <summary>What the trainer does with a step that it cannot take.</summary>
public sealed class TrainerBadStepTests : IClassFixture<SceneFolder>
{
    private const string Poisoned = "bbox_head.gfl_cls.bias";

    private readonly DetectionDataset _data;

    public TrainerBadStepTests(SceneFolder scenes) => _data = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);

    [Fact]
    public void A_faulty_step_is_skipped_and_leaves_nothing_behind()
    {
        Probe probe = new();
        byte[][] before = [];
        byte[][] after = [];
        Tensor? saved = null;
        probe.OnStep = (step, trainer) =>
        {
            if (step.Step == 1)
            {
                before = Weights(trainer.EvaluationModel);
                saved = trainer.Model.state_dict()[Poisoned].clone();
                Fill(trainer.Model, Poisoned, float.NaN);
            }
            else if (step.Step == 2)
            {
                after = Weights(trainer.EvaluationModel);
                using (no_grad())
                {
                    trainer.Model.state_dict()[Poisoned].copy_(saved!);
                }
            }
        };

        byte[][] statistics = Train(TinyRecipe.Create(), probe);

        Assert.Equal([false, false, true, false, false, false], probe.Steps.Select(step => step.Skipped));
        Assert.Equal(before, after); // neither the average nor, below, the running statistics took the faulty step in
        Assert.All(statistics, bytes => Assert.All(bytes.Chunk(4), value => Assert.True(float.IsFinite(BitConverter.ToSingle(value)))));
        BadStep error = Assert.Single(probe.BadSteps);
        Assert.Equal(BadStepKind.NonFiniteLoss, error.Kind);
        Assert.Contains(Poisoned, error.Cause, StringComparison.Ordinal);
        Assert.All(error.ImageNames, name => Assert.EndsWith(".jpg", name, StringComparison.Ordinal));
        Assert.Contains("step 3 (epoch 1)", error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_poisoned_annotation_is_named_and_its_step_passed_over()
    {
        DatasetImage image = _data.Images[5];
        ObjectAnnotation poisoned = image.Objects[0] with { Box = image.Objects[0].Box with { X2 = float.NaN } };
        DetectionDataset data = _data with { Images = [.. _data.Images.Select(other => other == image ? image with { Objects = [poisoned] } : other)] };
        Probe probe = new();
        Recipe recipe = TinyRecipe.Create() with
        {
            Epochs = 1,
            Input = new InputOptions { LongSide = 64, ShortSide = 64 },
            Augmentation = Imaging.Augmentation.AugmentationOptions.None,
        };

        Train(recipe, probe, data);

        BadStep error = Assert.Single(probe.BadSteps);
        Assert.Equal(BadStepKind.InvalidTarget, error.Kind);
        Assert.Contains($"NaN", error.Cause, StringComparison.Ordinal);
        Assert.Contains($"is not finite ({image.FileName})", error.Cause, StringComparison.Ordinal);
        Assert.Single(probe.Steps, step => step.Skipped);
    }

    [Fact]
    public void Told_to_stop_it_stops_with_the_weights_from_before()
    {
        Probe probe = new() { OnStep = (step, trainer) => Poison(step, trainer, 1) };
        Recipe recipe = TinyRecipe.Create() with { LossGuard = new LossGuardOptions { OnBadStep = BadStepAction.Stop } };

        FocalSharpException error = Assert.Throws<FocalSharpException>(() => Train(recipe, probe));

        Assert.Contains("Training stopped at step 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("kept.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("--on-bad-step skip", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, probe.Steps.Count);
    }

    [Fact]
    public void Faults_in_a_row_stop_it_in_any_case()
    {
        Probe probe = new() { OnStep = (step, trainer) => Poison(step, trainer, 0) };
        Recipe recipe = TinyRecipe.Create() with { LossGuard = new LossGuardOptions { MaxConsecutive = 3 } };

        FocalSharpException error = Assert.Throws<FocalSharpException>(() => Train(recipe, probe));

        Assert.Contains("for the 3th time in a row", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, probe.BadSteps.Count);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_caught_before_it_reaches_the_weights()
    {
        // A scale this large keeps the loss finite in no sane way; a huge weight in front of a saturated activation does: the loss is
        // bounded, its gradient overflows.
        Probe probe = new();
        probe.OnStep = (step, trainer) =>
        {
            if (step.Step == 0)
            {
                Fill(trainer.Model, "bbox_head.gfl_reg.bias", 0);
                Fill(trainer.Model, "bbox_head.scales.0.scale", 1e30f);
            }
        };

        Exception? ended = Record.Exception(() => Train(TinyRecipe.Create() with { LossGuard = new LossGuardOptions { ExplosionFactor = 0, MaxConsecutive = 2 } }, probe));

        Assert.True(ended is null or FocalSharpException, ended?.ToString());
        Assert.All(probe.Steps.Where(step => !step.Skipped), step => Assert.True(double.IsFinite(step.GradientNorm)));
    }

    [Fact]
    public void A_loss_is_judged_by_what_was_usual_before()
    {
        LossGuard lossGuard = new(new LossGuardOptions { ExplosionFactor = 20, WarmupSteps = 5 });
        Assert.Null(lossGuard.Check(1e9)); // nothing is usual yet
        for (int i = 0; i < 5; i++)
        {
            lossGuard.Update(2);
        }

        Assert.Null(lossGuard.Check(39));
        Assert.Equal(BadStepKind.LossExploded, lossGuard.Check(41));
        Assert.Equal(BadStepKind.NonFiniteLoss, lossGuard.Check(double.NaN));
        Assert.Equal(BadStepKind.NonFiniteLoss, lossGuard.Check(double.PositiveInfinity));
        Assert.Null(new LossGuard(new LossGuardOptions { ExplosionFactor = 0 }).Check(1e30));
    }

    private static void Poison(StepMetrics step, Trainer trainer, int at)
    {
        if (step.Step == at)
        {
            Fill(trainer.Model, Poisoned, float.NaN);
        }
    }

    private static void Fill(GflDetector model, string name, float value)
    {
        using (no_grad())
        {
            model.state_dict()[name].fill_(value);
        }
    }

    private static byte[][] Weights(GflDetector model) => [.. TensorConversion.ToState(model).Select(entry => entry.Value.Data.ToArray())];

    /// <summary>Trains and returns the model's running statistics.</summary>
    private byte[][] Train(Recipe recipe, Probe probe, DetectionDataset? data = null)
    {
        recipe = recipe with { Model = recipe.Model with { Classes = _data.Classes } };
        using GflDetector model = new(recipe.Model);
        using Trainer trainer = new(model, recipe, new SampleLoader(data ?? _data, recipe, 0), new TrainerOptions { Precision = Precision.Float32 });
        trainer.Run(probe, TestContext.Current.CancellationToken);
        return [.. TensorConversion.ToState(model).Where(entry => entry.Key.Contains("running_", StringComparison.Ordinal)).Select(entry => entry.Value.Data.ToArray())];
    }

    private sealed class Probe : ITrainingObserver
    {
        public List<StepMetrics> Steps { get; } = [];

        public List<BadStep> BadSteps { get; } = [];

        public Action<StepMetrics, Trainer> OnStep { get; set; } = (_, _) => { };

        public void Started(int epochs, int stepsPerEpoch) => Assert.True(epochs > 0 && stepsPerEpoch > 0);

        public void StepEnded(StepMetrics step, Trainer trainer)
        {
            Assert.True(trainer.IsBetweenSteps);
            Steps.Add(step);
            OnStep(step, trainer);
        }

        public string? BadStepFound(BadStep error, Trainer trainer)
        {
            BadSteps.Add(error);
            return "kept.safetensors";
        }

        public void EpochEnded(int epoch, Trainer trainer) => Assert.Equal(epoch + 1, trainer.CompletedEpochs);
    }
}
