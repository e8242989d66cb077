using CsCheck;

namespace FocalSharp.Core.Tests;

public sealed class SuggestionsTests
{
    private static readonly string[] Verbs = ["train", "eval", "predict", "data", "convert", "info"];

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("Train", "train")]
    [InlineData("pred", "predict")]
    [InlineData("predcit", "predict")]
    [InlineData("convret", "convert")]
    [InlineData("evl", "eval")]
    [InlineData("banana", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Finds_the_intended_word(string typed, string? expected) => Assert.Equal(expected, Suggestions.Closest(typed, Verbs));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("trian", "train", 1)]
    [InlineData("ca", "abc", 3)] // optimal string alignment edits no substring twice; unrestricted Damerau would say 2
    public void Counts_edits(string first, string second, int expected) => Assert.Equal(expected, Suggestions.Distance(first, second));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_for_equal_words() =>
        Gen.Select(Gen.String[Gen.Char['a', 'd'], 0, 6], Gen.String[Gen.Char['a', 'd'], 0, 6]).Sample((first, second) =>
        {
            int distance = Suggestions.Distance(first, second);
            Assert.Equal(distance, Suggestions.Distance(second, first));
            Assert.Equal(first == second, distance == 0);
            Assert.InRange(distance, Math.Abs(first.Length - second.Length), Math.Max(first.Length, second.Length));
        });

    [Fact]
    public void Returns_a_question_or_an_empty_string()
    {
        Assert.Equal(" Did you mean 'train'?", Suggestions.DidYouMean("trian", Verbs));
        Assert.Equal("", Suggestions.DidYouMean("banana", Verbs));
    }
}
