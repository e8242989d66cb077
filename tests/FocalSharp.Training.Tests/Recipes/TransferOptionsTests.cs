using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Recipes;

public sealed class TransferOptionsTests
{
    [Fact]
    public void A_class_starts_from_its_match_and_all_others_from_their_own_name() => Assert.Equal(
        ["car", "cup", "novelty"],
        new TransferOptions { ClassMatches = ["Automobile = car", "a=b=cup"] }.GetInitialClassNames(["automobile", "a=b", "novelty"]));

    [Theory]
    [InlineData("transfer.classMatches=[automobile]", "automobile=car")]
    [InlineData("transfer.classMatches=[a=b, A=c]", "twice")]
    [InlineData("transfer.pretrainedShare=1.5", "0 to 1")]
    [InlineData("tuning.trialFraction=2", "0 (no tuning) to 1")]
    [InlineData("tuning.heldOutFraction=0.6", "at most 0.5")]
    [InlineData("tuning.minTrialSteps=0", "at least 1")]
    [InlineData("tuning.minHeldOutImages=0", "at least 1")]
    [InlineData("tuning.maxHeldOutImages=3", "at least minHeldOutImages")]
    [InlineData("tuning.learningRateFactors=[0]", "above 0")]
    [InlineData("tuning.backboneFactors=[-1]", "0 or more")]
    [InlineData("tuning.distillationRateFactors=[0]", "above 0")]
    [InlineData("tuning.sizes=[100]", "multiples of 32")]
    [InlineData("tuning.pretrainedShares=[2]", "0 to 1")]
    public void Options_out_of_range_are_named(string setting, string expected)
    {
        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Set(RecipeBook.Load(RecipeSelector.NanoDet), setting).Validate());

        Assert.Contains(setting.Split('=')[0], error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tuned_recipe_survives_its_file()
    {
        Recipe recipe = RecipeBook.Load(RecipeSelector.NanoDet) with { Transfer = new TransferOptions { ClassMatches = ["big, red=car", "x: y=cup"], PretrainedShare = 0.5 } };
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, RecipeBook.Describe(recipe));
            Recipe read = RecipeBook.Load(path);

            Assert.Equal(recipe.Transfer.ClassMatches, read.Transfer.ClassMatches);
            Assert.Equal(0.5, read.Transfer.PretrainedShare);
            Assert.Equal(recipe.Tuning.Sizes, read.Tuning.Sizes);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
