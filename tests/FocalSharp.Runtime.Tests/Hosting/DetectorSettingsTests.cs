using System.Reflection;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Hosting;

namespace FocalSharp.Runtime.Tests.Hosting;

public sealed class DetectorSettingsTests
{
    [Fact]
    public void Keys_are_the_names_of_the_options()
    {
        DetectorSettings settings = Parse(
            ("path", "m.onnx"), ("Threads", "3"), ("AllowSpinning", "False"), ("ReloadOnChange", "true"), ("ReloadDelay", "00:00:05"), ("ExecutionProvider", "cuda"),
            ("ProviderOptions:device_id", "1"), ("MaxPooledBytes", "5000000000"), ("Decode:MaxPixels", "1000"), ("detect:scorethreshold", "0.25"),
            ("Detect:NmsMethod", "soft"), ("Detect:Quantiles:10", "0.9"), ("Detect:Quantiles:2", "0.1"), ("Detect:Tiles:Overlap", "0.4"), ("Detect", null));

        Assert.Equal("m.onnx", settings.Path);
        RuntimeOptions options = settings.Options;
        Assert.Equal((3, false, true, TimeSpan.FromSeconds(5)), (options.Threads, options.AllowSpinning, options.ReloadOnChange, options.ReloadDelay));
        Assert.Equal(("cuda", "1", 5_000_000_000L), (options.ExecutionProvider, options.ProviderOptions["device_id"], options.MaxPooledBytes));
        Assert.Equal((1000L, new ImageDecodeOptions().MaxBytes), (options.Decode.MaxPixels, options.Decode.MaxBytes));
        Assert.Equal((0.25, NmsMethod.Soft), (options.Detect.ScoreThreshold, options.Detect.NmsMethod));
        Assert.Equal([0.1, 0.9], options.Detect.Quantiles!);
        Assert.Equal(new TileOptions { Overlap = 0.4 }, options.Detect.Tiles);
    }

    [Theory]
    [InlineData("Thread", "2", "Did you mean 'Threads'?")]
    [InlineData("Detect:ScoreTreshold", "0.5", "Did you mean 'Detect:ScoreThreshold'?")]
    [InlineData("Threads", "two", "Detector:Threads: 'two' is not a number")]
    [InlineData("Threads", "2.5", "'2.5' is not a number")]
    [InlineData("AllowSpinning", "maybe", "'maybe' is not true or false")]
    [InlineData("ReloadDelay", "soon", "'soon' is not a time")]
    [InlineData("Detect:NmsMethod", "best", "one of")]
    [InlineData("Detect:ScoreThreshold", "1.5", "ScoreThreshold 1.5: must be between 0 and 1")]
    [InlineData("ReloadDelay", "00:00:00", "ReloadDelay 0 s: must be")]
    [InlineData("Path", "", "Detector:Path: is missing")]
    public void A_setting_that_is_wrong_is_named(string key, string value, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<OptionException>(() => DetectorSettings.Parse(Pairs(key == "Path" ? [(key, value)] : [("Path", "m.onnx"), (key, value)]), "Detector")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Every_option_has_a_key()
    {
        string[] missing =
        [
            .. Names<RuntimeOptions>("").Except(["ConfigureSession", "OnProviderFallback", "Detect", "Decode"]).Concat(Names<DetectOptions>("Detect:")).Except(["Detect:Tiles"])
                .Concat(Names<TileOptions>("Detect:Tiles:")).Concat(Names<ImageDecodeOptions>("Decode:")).Except(DetectorSettings.Keys),
        ];
        Assert.True(missing.Length == 0, $"DetectorSettings has no key for {string.Join(", ", missing)}.");
    }

    private static IEnumerable<string> Names<T>(string prefix) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is not null).Select(property => prefix + property.Name);

    private static DetectorSettings Parse(params (string Key, string? Value)[] settings) => DetectorSettings.Parse(Pairs(settings));

    private static KeyValuePair<string, string?>[] Pairs((string Key, string? Value)[] settings) => [.. settings.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))];
}
