using FocalSharp.Datasets;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Reporting;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

public sealed class ValidationLossTests : IClassFixture<SceneFolder>
{
    private readonly DetectionDataset _data;

    public ValidationLossTests(SceneFolder scenes) => _data = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);

    [Fact]
    public void It_is_the_training_loss_of_the_images_without_augmentation()
    {
        Recipe recipe = TinyRecipe.Create() with { Augmentation = AugmentationOptions.None, BatchSize = 1 };
        recipe = recipe with { Model = recipe.Model with { Classes = _data.Classes } };
        DetectionDataset one = _data with { Images = [.. _data.Images.Take(1)] };
        using GflDetector model = new(recipe.Model);
        model.eval();

        ValidationLosses losses = new Evaluator(one, recipe.Input.ResizeRule, []).Evaluate(model, _ => { }, TestContext.Current.CancellationToken)!.Losses;

        // The same by the loader and the criterion of the training.
        TrainingBatch batch = new SampleLoader(one, recipe, seed: 0).LoadEpoch(0, mosaicClosed: true).First();
        using IDisposable guard = no_grad();
        model.eval();
        GflCriterion criterion = new(recipe.Model.Head, recipe.Model.Loss, recipe.Model.Classes.Count);
        using LossTerms expected = criterion.Compute(model.call(model.Preprocess(batch.Pixels, batch.Height, batch.Width, batch.Frames, CPU)), batch.Targets);
        Assert.Equal(expected.Classification.item<float>(), losses.Quality, 0.02 * losses.Quality); // the evaluation may compute in bfloat16
        Assert.Equal(expected.Box.item<float>(), losses.Box, 0.02 * losses.Box);
        Assert.Equal(expected.Distribution.item<float>(), losses.Distribution, 0.02 * losses.Distribution);
        Assert.True(losses.Box > 0);
    }

    [Fact]
    public void It_is_logged_at_each_evaluation()
    {
        Recipe recipe = TinyRecipe.Create();
        using LoopHarness harness = new(recipe, _data);

        harness.Run();

        MetricsTable log = MetricsLog.Read(harness.Folder.MetricsPath);
        foreach (string column in (string[])[MetricsColumns.ValidationQualityLoss, MetricsColumns.ValidationBoxLoss, MetricsColumns.ValidationDistributionLoss])
        {
            (double epoch, double loss) = Assert.Single(log.Points(MetricsColumns.Epoch, column));
            Assert.Equal(recipe.Epochs, epoch);
            Assert.InRange(loss, 1e-6, 1e3);
        }
    }
}
