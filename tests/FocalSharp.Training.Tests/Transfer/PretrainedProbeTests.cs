using FocalSharp.Training.Recipes;
using FocalSharp.Training.Transfer;

namespace FocalSharp.Training.Tests.Transfer;

public sealed class PretrainedProbeTests
{
    private static readonly TransferOptions Options = new() { ProbeImages = 64 };

    [Fact]
    public void A_class_starts_from_its_match_if_that_detects_it_well_enough() => Assert.Equal(
        ["car", "mug", "novelty"],
        new PretrainedProbe([new("automobile", "car", Options.MinClassMatchAp50), new("mug", "cup", Options.MinClassMatchAp50 - 0.01), new("novelty", null, 0)], Options).InitialClassNames);

    [Theory]
    [InlineData(0.26, 0.26, 0.26, "c", true)]
    [InlineData(0.24, 0.24, 0.24, "c", false)] // too seldom right
    [InlineData(0.9, 0.9, 0.9, "b", false)] // two of the three are found by one class: chance
    [InlineData(0.9, 0.9, 0.05, "c", false)] // one is not found
    public void Weights_detect_a_data_set_if_they_detect_several_classes_each_by_another(double first, double second, double third, string matchingClass, bool known)
    {
        PretrainedProbe trial = new([new("x", "a", first), new("y", "b", second), new("z", matchingClass, third)], Options);
        Recipe recipe = RecipeBook.Load(RecipeSelector.NanoDet);

        Assert.Equal(known, trial.AlreadyDetects);
        Assert.Equal((known ? Options.LearningRateFactor : 1) * recipe.Optimizer.LearningRate, trial.AdjustLearningRate(recipe).Optimizer.LearningRate, 1e-12);
        Assert.Equal(known, trial.ToString().Contains("learning rate", StringComparison.Ordinal));
    }

    [Fact]
    public void One_class_detected_by_coincidence_is_not_enough() =>
        Assert.False(new PretrainedProbe([new("RBC", "apple", 0.46)], Options).AlreadyDetects);

    [Theory]
    [InlineData(0.6, 0.2, true)]
    [InlineData(0.6, 0.09, false)] // one of them must still be learned
    [InlineData(0.3, 0.15, false)] // too seldom right
    public void A_data_set_whose_few_classes_are_all_detected_by_their_own_names_is_detected(double first, double second, bool known) =>
        Assert.Equal(known, new PretrainedProbe([new("Person", "person", first), new("car", "car", second)], Options).AlreadyDetects);

    [Fact]
    public void The_result_is_described()
    {
        string reported = new PretrainedProbe([new("automobile", "car", 0.5), new("cup", "cup", 0.3)], Options).ToString();

        Assert.Contains("AP50 0.40", reported, StringComparison.Ordinal);
        Assert.Contains("automobile starts from car (AP50 0.50)", reported, StringComparison.Ordinal);
        Assert.DoesNotContain("cup starts", reported, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transfer.probeImages=-1")]
    [InlineData("transfer.minClassMatchAp50=0")]
    [InlineData("transfer.alreadyDetectsAp50=2")]
    [InlineData("transfer.minDetectedClasses=0")]
    [InlineData("transfer.learningRateFactor=0")]
    public void Options_out_of_range_are_named(string setting)
    {
        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Set(RecipeBook.Load(RecipeSelector.NanoDet), setting).Validate());

        Assert.Contains(setting.Split('=')[0], error.Message, StringComparison.Ordinal);
    }
}
