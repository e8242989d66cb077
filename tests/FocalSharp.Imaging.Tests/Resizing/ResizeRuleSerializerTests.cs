using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

public sealed class ResizeRuleSerializerTests
{
    private static readonly ResizeRule Rule = new() { Mode = ResizeMode.Stretch, LongSide = 416, ShortSide = 320, Divisor = 64 };

    [Theory]
    [InlineData(ResizeMode.KeepRatio)]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.Warp)]
    public void A_rule_comes_back_from_its_facts_and_from_json(ResizeMode mode)
    {
        ResizeRule rule = Rule with { Mode = mode };
        Assert.Equal(rule, ResizeRuleSerializer.FromMetadata("w", ResizeRuleSerializer.ToMetadata(rule)));
        Assert.Equal(rule, ResizeRuleSerializer.FromJson("m", ResizeRuleSerializer.ToJson(rule)));
    }

    [Fact]
    public void The_json_is_that_of_earlier_versions()
    {
        Assert.Equal(
            """{"resize_mode":"stretch","resize_long_side":416,"resize_short_side":320,"resize_divisor":64}""", ResizeRuleSerializer.ToJson(Rule));
    }

    [Fact]
    public void Json_may_hold_text_and_other_facts() => Assert.Equal(
        Rule with { Mode = ResizeMode.KeepRatio },
        ResizeRuleSerializer.FromJson("m", """{"resize_long_side":"416","resize_short_side":"320","resize_divisor":"64","colour":"red"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"resize_long_side\":1")]
    [InlineData("""{"resize_long_side":416,"resize_short_side":320}""")]
    [InlineData("""{"resize_long_side":416,"resize_short_side":320,"resize_divisor":{}}""")]
    [InlineData("""{"resize_long_side":416,"resize_short_side":99999,"resize_divisor":32}""")]
    [InlineData("""{"resize_mode":"crop","resize_long_side":416,"resize_short_side":320,"resize_divisor":32}""")]
    public void Json_that_states_no_rule_is_refused_by_the_files_name(string json) =>
        Assert.StartsWith("m.onnx: its", Assert.Throws<ModelException>(() => ResizeRuleSerializer.FromJson("m.onnx", json)).Message, StringComparison.Ordinal);
}
