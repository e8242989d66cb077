using FocalSharp.Training.Recipes;
using FocalSharp.Training.Transfer;

namespace FocalSharp.Training.Tests.Transfer;

public sealed class WeightsTrialTests
{
    private static readonly TransferOptions Options = new() { Images = 64 };

    [Fact]
    public void A_class_starts_as_its_kin_where_that_finds_it_well_enough() => Assert.Equal(
        ["car", "mug", "novelty"],
        new WeightsTrial([new("automobile", "car", Options.KinAp50), new("mug", "cup", Options.KinAp50 - 0.01), new("novelty", null, 0)], Options).Names);

    [Theory]
    [InlineData(0.26, 0.26, 0.26, "c", true)]
    [InlineData(0.24, 0.24, 0.24, "c", false)] // too seldom right
    [InlineData(0.9, 0.9, 0.9, "b", false)] // two of the three are found by one class: chance
    [InlineData(0.9, 0.9, 0.05, "c", false)] // one is not found
    public void Weights_know_data_of_which_they_find_several_classes_each_by_its_own(double first, double second, double third, string kin, bool known)
    {
        WeightsTrial trial = new([new("x", "a", first), new("y", "b", second), new("z", kin, third)], Options);
        Recipe recipe = RecipeBook.Load(WeightsRecipe.Light);

        Assert.Equal(known, trial.IsKnown);
        Assert.Equal((known ? Options.KnownRate : 1) * recipe.Optimizer.LearningRate, trial.Temper(recipe).Optimizer.LearningRate, 1e-12);
        Assert.Equal(known, trial.ToString().Contains("learning rate", StringComparison.Ordinal));
    }

    [Fact]
    public void One_class_found_by_chance_is_not_known_data() =>
        Assert.False(new WeightsTrial([new("RBC", "apple", 0.46)], Options).IsKnown);

    [Theory]
    [InlineData(0.6, 0.2, true)]
    [InlineData(0.6, 0.09, false)] // one of them must still be learned
    [InlineData(0.3, 0.15, false)] // too seldom right
    public void Data_whose_few_classes_all_are_found_by_their_own_names_are_known(double first, double second, bool known) =>
        Assert.Equal(known, new WeightsTrial([new("Person", "person", first), new("car", "car", second)], Options).IsKnown);

    [Fact]
    public void What_is_found_is_told()
    {
        string told = new WeightsTrial([new("automobile", "car", 0.5), new("cup", "cup", 0.3)], Options).ToString();

        Assert.Contains("AP50 0.40", told, StringComparison.Ordinal);
        Assert.Contains("automobile begins as car (AP50 0.50)", told, StringComparison.Ordinal);
        Assert.DoesNotContain("cup begins", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transfer.images=-1")]
    [InlineData("transfer.kinAp50=0")]
    [InlineData("transfer.knownAp50=2")]
    [InlineData("transfer.knownClasses=0")]
    [InlineData("transfer.knownRate=0")]
    public void Options_out_of_range_are_named(string setting)
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => RecipeBook.Set(RecipeBook.Load(WeightsRecipe.Light), setting).Validated());

        Assert.Contains(setting.Split('=')[0], error.Message, StringComparison.Ordinal);
    }
}
