using FocalSharp.Datasets;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

/// <summary>How the loop handles bad steps.</summary>
public sealed class TrainingLoopBadStepTests : IClassFixture<SceneFolder>
{
    private const string Poisoned = "bbox_head.gfl_cls.bias";

    private readonly DetectionDataset _data;

    public TrainingLoopBadStepTests(SceneFolder scenes) => _data = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);

    [Fact]
    public void A_bad_step_is_skipped_and_leaves_nothing_behind()
    {
        byte[][] before = [];
        byte[][] after = [];
        Tensor? saved = null;
        using LoopHarness harness = Create(TinyRecipe.Create(), (step, trainer) =>
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
        });

        harness.Run();

        Assert.Equal([false, false, true, false, false, false], harness.Steps.Select(step => step.Skipped));
        Assert.Equal(before, after); // neither the average nor, below, the running statistics include the bad step
        byte[][] statistics =
            [.. TensorConversion.ToState(harness.Model).Where(entry => entry.Key.Contains("running_", StringComparison.Ordinal)).Select(entry => entry.Value.Data.ToArray())];
        Assert.All(statistics, bytes => Assert.All(bytes.Chunk(4), value => Assert.True(float.IsFinite(BitConverter.ToSingle(value)))));
        TrainingProgress badStep = Assert.Single(harness.BadSteps);
        Assert.Contains("step 3 (epoch 1): the loss is not finite", badStep.Message, StringComparison.Ordinal);
        Assert.Contains(Poisoned, badStep.Message, StringComparison.Ordinal);
        (GflDetector model, BadStepFile file) = BadStepFile.Read(badStep.Path!);
        model.Dispose();
        Assert.All(file.ImageNames, name => Assert.EndsWith(".jpg", name, StringComparison.Ordinal));
    }

    // The last step of the second epoch leaves NaN in the weights, behind the back of the loss guard.
    [Fact]
    public void Weights_that_are_not_finite_end_the_run_and_replace_none_that_are()
    {
        Recipe recipe = TinyRecipe.Create() with { Checkpoint = new CheckpointOptions { MinSeconds = 0 } };
        byte[] afterFirstEpoch = [];
        LoopHarness? running = null;
        using LoopHarness harness = running = Create(recipe, (step, trainer) =>
        {
            if (trainer.NextStep == trainer.StepsPerEpoch * 2)
            {
                afterFirstEpoch = File.ReadAllBytes(running!.Folder.LastWeightsPath);
                Fill(trainer.Model, Poisoned, float.NaN);
                Fill(trainer.EvaluationModel, Poisoned, float.NaN);
            }
        });

        TrainingException error = Assert.Throws<TrainingException>(harness.Run);

        Assert.Contains($"tensor '{Poisoned}' contains NaN or infinity", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(afterFirstEpoch);
        Assert.Equal(afterFirstEpoch, File.ReadAllBytes(harness.Folder.LastWeightsPath));
        DetectorCheckpoint.Load(harness.Folder.LastWeightsPath).Dispose();
        Assert.False(File.Exists(harness.Folder.BestWeightsPath));
    }

    [Fact]
    public void An_invalid_annotation_is_named_and_its_step_skipped()
    {
        DatasetImage image = _data.Images[5];
        ObjectAnnotation poisoned = image.Objects[0] with { Box = image.Objects[0].Box with { X2 = float.NaN } };
        DetectionDataset data = _data with { Images = [.. _data.Images.Select(other => other == image ? image with { Objects = [poisoned] } : other)] };
        Recipe recipe = TinyRecipe.Create() with
        {
            Epochs = 1,
            Input = new InputOptions { LongSide = 64, ShortSide = 64 },
            Augmentation = Imaging.Augmentation.AugmentationOptions.None,
        };
        using LoopHarness harness = new(recipe, data);

        harness.Run();

        TrainingProgress badStep = Assert.Single(harness.BadSteps);
        Assert.Contains("an annotation is invalid", badStep.Message, StringComparison.Ordinal);
        Assert.Contains("NaN", badStep.Message, StringComparison.Ordinal);
        Assert.Contains($"is not finite ({image.FileName})", badStep.Message, StringComparison.Ordinal);
        Assert.Single(harness.Steps, step => step.Skipped);
    }

    [Fact]
    public void With_stop_the_run_stops_with_the_weights_before_the_step()
    {
        Recipe recipe = TinyRecipe.Create() with { LossGuard = new LossGuardOptions { OnBadStep = FailureAction.Stop } };
        using LoopHarness harness = Create(recipe, (step, trainer) => Poison(step, trainer, 1));

        TrainingException error = Assert.Throws<TrainingException>(harness.Run);

        Assert.Contains("Training stopped at step 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("lossGuard.onBadStep", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(error.BadStepPath), error.BadStepPath);
        Assert.Contains(error.BadStepPath, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, harness.Steps.Count);
    }

    [Fact]
    public void Bad_steps_in_a_row_stop_the_run()
    {
        Recipe recipe = TinyRecipe.Create() with { LossGuard = new LossGuardOptions { MaxConsecutive = 3 } };
        using LoopHarness harness = Create(recipe, (step, trainer) => Poison(step, trainer, 0));

        TrainingException error = Assert.Throws<TrainingException>(harness.Run);

        Assert.Contains("bad step 3 in a row", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, harness.BadSteps.Count);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_caught_before_it_reaches_the_weights()
    {
        // A scale this large keeps the loss finite in no sane way; a huge weight in front of a saturated activation does: the loss is
        // bounded, its gradient overflows.
        Recipe recipe = TinyRecipe.Create() with { LossGuard = new LossGuardOptions { ExplosionFactor = 0, MaxConsecutive = 2 } };
        using LoopHarness harness = Create(recipe, (step, trainer) =>
        {
            if (step.Step == 0)
            {
                Fill(trainer.Model, "bbox_head.gfl_reg.bias", 0);
                Fill(trainer.Model, "bbox_head.scales.0.scale", 1e30f);
            }
        });

        Exception? ended = Record.Exception(harness.Run);

        Assert.True(ended is null or TrainingException, ended?.ToString());
        Assert.All(harness.Steps.Where(step => !step.Skipped), step => Assert.True(double.IsFinite(step.GradientNorm)));
    }

    [Fact]
    public void A_loss_is_compared_with_the_average_before()
    {
        LossGuard lossGuard = new(new LossGuardOptions { ExplosionFactor = 20, WarmupSteps = 5 });
        Assert.Null(lossGuard.Check(1e9)); // there is no average yet
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

    private LoopHarness Create(Recipe recipe, Action<StepMetrics, Trainer> onStep) => new(recipe, _data, onStep);
}
