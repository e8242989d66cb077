using FocalSharp.Imaging.Augmentation;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning.Search;

namespace FocalSharp.Training.Tests.Tuning.Search;

public sealed class SearchParameterTests
{
    [Fact]
    public void A_range_is_drawn_within_its_bounds()
    {
        SearchParameter parameter = SearchParameter.Parse("optimizer.weightDecay=0.5..2");

        double[] values = [.. Draw(parameter, 1000).Select(Number)];

        Assert.All(values, value => Assert.InRange(value, 0.5, 2));
        Assert.InRange(values.Average(), 1.2, 1.3); // the middle is 1.25; the standard error 0.014
    }

    [Fact]
    public void A_logarithmic_range_is_drawn_alike_in_each_decade()
    {
        SearchParameter parameter = SearchParameter.Parse("optimizer.learningRate=0.001..0.1:log");

        Assert.InRange(Draw(parameter, 1000).Count(value => Number(value) < 0.01), 450, 550);
    }

    [Fact]
    public void Each_choice_of_a_list_is_drawn() =>
        Assert.Equal(["320", "416", "640"], Draw(SearchParameter.Parse("input=320 | 416|640"), 100).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("x=0..4", "1", 0.25)]
    [InlineData("x=0.001..0.1:log", "0.01", 0.5)]
    [InlineData("x=a|b|c", "c", 1)]
    [InlineData("x=a|b|c", "other", 0)] // the recipe's own value
    [InlineData("x=1..2", "5", 1)]
    public void A_value_has_a_place_on_the_axis(string text, string value, double position) =>
        Assert.Equal(position, SearchParameter.Parse(text).GetPosition(value), 1e-9);

    [Theory]
    [InlineData("optimizer.learningRate")]
    [InlineData("=1..2")]
    [InlineData("x=1")]
    [InlineData("x=2..1")]
    [InlineData("x=0..1:log")]
    [InlineData("x=a..b")]
    [InlineData("x=1..2..3")]
    [InlineData("x=1..∞")]
    public void What_is_neither_a_range_nor_a_list_is_refused(string text) =>
        Assert.Contains(text, Assert.Throws<OptionException>(() => SearchParameter.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_are_set_in_the_recipe_and_read_from_it()
    {
        Recipe recipe = RecipeBook.Load(RecipeSelector.NanoDet);
        SearchParameter rate = SearchParameter.Parse("optimizer.learningRate=0.001..0.1:log");
        SearchParameter input = SearchParameter.Parse("input=320|640");

        Recipe changed = input.Apply(rate.Apply(recipe, "0.02"), "640");

        Assert.Equal((0.02, 640, 640), (changed.Optimizer.LearningRate, changed.Input.ShortSide, changed.Input.LongSide));
        Assert.Equal(("0.02", "640"), (rate.Read(changed), input.Read(changed)));
        Assert.Throws<OptionException>(() => SearchParameter.Parse("no.such=1..2").Read(recipe));
    }

    private static double Number(string value) => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Draw(SearchParameter parameter, int count) => Enumerable.Range(0, count).Select(i =>
    {
        AugmentationRandom random = new(5, i);
        return parameter.Sample(ref random);
    });
}
