using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Models.Tests;

public sealed class ResizeRuleSerializerTests
{
    [Theory]
    [InlineData(ResizeMode.KeepRatio)]
    [InlineData(ResizeMode.Stretch)]
    public void A_rule_comes_back_from_its_facts(ResizeMode mode)
    {
        ResizeRule rule = new() { Mode = mode, LongSide = 640, ShortSide = 416, Divisor = 64 };
        Assert.Equal(rule, ResizeRuleSerializer.FromMetadata("file", ResizeRuleSerializer.ToMetadata(rule)));
    }

    [Fact]
    public void A_stretched_range_comes_back_from_metadata_and_JSON()
    {
        ResizeRule rule = new() { StretchRange = true };

        Assert.Equal(rule, ResizeRuleSerializer.FromMetadata("file", ResizeRuleSerializer.ToMetadata(rule)));
        Assert.Equal(rule, ResizeRuleSerializer.FromJson("file", ResizeRuleSerializer.ToJson(rule)));
        Assert.Equal(new ResizeRule(), ResizeRuleSerializer.FromJson("file", ResizeRuleSerializer.ToJson(new ResizeRule())));
    }

    [Fact]
    public void Files_from_before_stretching_keep_the_ratio() =>
        Assert.Equal(new ResizeRule(), ResizeRuleSerializer.FromMetadata("file", new Dictionary<string, string>()));

    [Fact]
    public void An_unknown_mode_is_refused_in_words() => Assert.Contains(
        "not keep_ratio, stretch, warp or stretch_bicubic",
        Assert.Throws<ModelException>(() => ResizeRuleSerializer.FromMetadata("file", new Dictionary<string, string> { ["resize_mode"] = "crop" })).Message,
        StringComparison.Ordinal);
}
