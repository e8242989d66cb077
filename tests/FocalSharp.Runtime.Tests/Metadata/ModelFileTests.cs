using FocalSharp.Detections;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests.Metadata;

public sealed class ModelFileTests
{
    [Fact]
    public void What_the_file_says_of_itself_is_read()
    {
        using Detector detector = Detector.Load(TestModels.Echo().ToArray());
        ModelInfo model = detector.Model;

        Assert.Equal("echo", model.Name);
        Assert.Equal(ModelVariant.Detections, model.Variant);
        Assert.Equal(["cat", "dog"], model.Classes);
        Assert.Equal([16, 32], model.Strides);
        Assert.Equal(4, model.RegMax);
        Assert.Equal(TestModels.Rule, model.Resize);
        Assert.Equal([123.675f, 116.28f, 103.53f], model.Mean);
        Assert.Equal([58.395f, 57.12f, 57.375f], model.Std);
        Assert.Equal((0.05, 0.6, 100), (model.Postprocess.ScoreThreshold, model.Postprocess.NmsThreshold, model.Postprocess.MaxDetections));
        Assert.Equal(("MIT", "runs/test"), (model.License, model.Run));
    }

    [Fact]
    public void A_file_without_our_metadata_is_reported_with_what_it_lacks()
    {
        OnnxGraph graph = TestModels.Echo();
        foreach (string key in (string[])["strides", "mean"])
        {
            graph.Metadata("focalsharp." + key, null);
        }

        Assert.Contains("lacks the metadata focalsharp.strides, focalsharp.mean", GetError(graph), StringComparison.Ordinal);
        OnnxGraph foreign = new OnnxGraph().Input("x", OnnxGraph.Float, 1).Output("y", OnnxGraph.Float, 1).Node("Identity", "x", "y");
        Assert.Contains("without FocalSharp's metadata", GetError(foreign), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format", "2")]
    [InlineData("variant", "boxes")]
    [InlineData("classes", "[]")]
    [InlineData("classes", "[1, 2]")]
    [InlineData("classes", "{")]
    [InlineData("classes", "\"cat\"")]
    [InlineData("strides", "[]")]
    [InlineData("strides", "[0]")]
    [InlineData("strides", "[8, 16.5]")]
    [InlineData("strides", "[1e9]")]
    [InlineData("reg_max", "0")]
    [InlineData("reg_max", "16.5")]
    [InlineData("reg_max", "99999999999")]
    [InlineData("resize", "[]")]
    [InlineData("resize", "{}")]
    [InlineData("resize", """{"resize_long_side":"640","resize_short_side":"640","resize_divisor":"-1"}""")]
    [InlineData("resize", """{"resize_long_side":1000000,"resize_short_side":640,"resize_divisor":32}""")]
    [InlineData("divisor", "64")]
    [InlineData("mean", "[1, 2]")]
    [InlineData("mean", "[1, 2, \"x\"]")]
    [InlineData("std", "[1, 0, 1]")]
    [InlineData("score_threshold", "NaN")]
    [InlineData("score_threshold", "1.5")]
    [InlineData("iou_threshold", "-1")]
    [InlineData("max_detections", "0")]
    [InlineData("max_detections", "1000000000")]
    public void Metadata_that_say_nonsense_are_refused_by_name(string key, string value) =>
        Assert.Contains(key is "resize" ? "resize" : key, GetError(TestModels.Echo().Metadata("focalsharp." + key, value)), StringComparison.Ordinal);

    [Fact]
    public void A_resize_rule_may_hold_numbers_or_text()
    {
        using Detector detector = Detector.Load(TestModels.Echo()
            .Metadata("focalsharp.resize", """{"resize_long_side":"64","resize_short_side":"64","resize_divisor":"32"}""").ToArray());
        Assert.Equal(TestModels.Rule, detector.Model.Resize);
    }

    [Fact]
    public void A_graph_without_the_inputs_and_outputs_of_its_variant_is_refused()
    {
        Assert.Contains("no output 'class_logits'", GetError(TestModels.Echo().Metadata("focalsharp.variant", "raw")), StringComparison.Ordinal);
        OnnxGraph unknown = TestModels.Fixed("raw", 20, ("class_logits", new float[40]), ("distributions", new float[400]))
            .Input("mask", OnnxGraph.Float, 1).Output("mask_out", OnnxGraph.Float, 1).Node("Identity", "mask", "mask_out");
        Assert.Contains("'mask'", GetError(unknown), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_without_a_name_is_an_error_that_says_so()
    {
        using Detector detector = Detector.Load(TestModels.Echo(label: 7).ToArray());
        Assert.Contains("label 7", Assert.Throws<ModelException>(() => detector.Detect(TestImages.WithDetections(64, 64, 0, 0, 9, 9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_another_shape_than_promised_are_an_error_that_says_so()
    {
        // 64x64 has 20 locations at strides 16 and 32; the graph gives 21.
        using Detector detector = Detector.Load(
            TestModels.Fixed("raw", 21, ("class_logits", new float[42]), ("distributions", new float[420])).ToArray());
        Assert.Contains("64x64", Assert.Throws<ModelException>(() => detector.Detect(TestImages.WithDetections(64, 64, 0, 0, 9, 9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_models_are_reported()
    {
        Assert.Contains("no such", Assert.Throws<ModelException>(() => Detector.Load("nowhere.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<ModelException>(() => Detector.Load(Path.GetTempPath())).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ModelException>(() => Detector.Load([])).Message, StringComparison.Ordinal);
        Assert.Contains("cannot load", Assert.Throws<ModelException>(() => Detector.Load([1, 2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_ends_too_early_is_reported_wherever_it_ends()
    {
        byte[] whole = TestModels.Echo().ToArray();
        for (int length = 1; length < whole.Length; length += 97)
        {
            Assert.StartsWith("m.onnx", Assert.Throws<ModelException>(() => Detector.Load(whole[..length], name: "m.onnx").Dispose()).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1, 8)]
    [InlineData(0, 0)]
    public void Options_out_of_range_are_refused(int threads, int batch) => Assert.Throws<OptionException>(
        () => Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { Threads = threads, MaxBatch = batch }));

    private static string GetError(OnnxGraph graph) =>
        Assert.Throws<ModelException>(() => Detector.Load(graph.ToArray(), name: "m.onnx").Dispose()).Message is var message && message.StartsWith("m.onnx", StringComparison.Ordinal)
            ? message
            : throw new InvalidOperationException("the message does not name the file");
}
