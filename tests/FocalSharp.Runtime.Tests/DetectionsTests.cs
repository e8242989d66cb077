using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging;

namespace FocalSharp.Runtime.Tests;

public sealed class DetectionsTests
{
    private static readonly Detections Found = new(
        [
            new Detection(new Box(1.234f, 2, 30, 40.5f), 1, 0.876543f, new SideValues(1, 2, 3, float.NaN)),
            new Detection(new Box(0, 0, 5, 6), 0, 0.5f, new SideValues(0.25f, 0.5f, 0.75f, 1)),
            new Detection(new Box(5, 5, 9, 9), 1, 0.25f, default),
        ],
        ["cat", "dog"],
        64,
        48);

    [Fact]
    public void Are_written_as_json_with_the_field_names_of_the_service()
    {
        using JsonDocument document = JsonDocument.Parse(JsonSerializer.Serialize(Found));
        JsonElement root = document.RootElement;
        Assert.Equal(["width", "height", "detections"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal((64, 48), (root.GetProperty("width").GetInt32(), root.GetProperty("height").GetInt32()));
        JsonElement first = root.GetProperty("detections")[0];
        Assert.Equal(["class", "label", "score", "box", "deviation_px"], first.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("dog", 1, 0.87654), (first.GetProperty("class").GetString(), first.GetProperty("label").GetInt32(), first.GetProperty("score").GetDouble()));
        Assert.Equal("""{"x1":1.23,"y1":2,"x2":30,"y2":40.5}""", first.GetProperty("box").GetRawText());
        Assert.Equal("""{"left":1,"top":2,"right":3}""", first.GetProperty("deviation_px").GetRawText());
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        Assert.Equal("width", Assert.Throws<ArgumentOutOfRangeException>(() => new Detections([], [], -1, 1)).ParamName);
        Assert.Equal("height", Assert.Throws<ArgumentOutOfRangeException>(() => new Detections([], [], 1, -1)).ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(double.NaN)]
    public void An_interval_of_an_impossible_probability_is_refused(double level) =>
        Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => Found[0].GetInterval(level)).ParamName);

    [Fact]
    public void Quantiles_are_written_as_edges()
    {
        Detection detection = Found[1] with { Quantiles = new EdgeQuantiles(new EdgeQuantile(0.05, new SideValues(-1, -2, 3, 4)), new EdgeQuantile(0.5, default)) };
        string json = JsonSerializer.Serialize(new Detections([detection], ["cat"], 9, 9));
        Assert.Contains(""""edges":{"left":{"mean":0,"deviation":0.25,"q05":-1,"q50":0},"""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_read_back_from_json()
    {
        Detections read = JsonSerializer.Deserialize<Detections>(JsonSerializer.Serialize(Found))!;
        Assert.Equal(Found.Select(detection => (detection.Label, detection.Score > 0.5)), read.Select(detection => (detection.Label, detection.Score > 0.5)));
        Assert.Equal(new Box(1.23f, 2, 30, 40.5f), read[0].Box);
        Assert.True(float.IsNaN(read[0].Deviation.Bottom));
        Assert.Equal(Found[1], read[1]);
        Assert.Equal(["cat", "dog"], read.Classes);
        Assert.Equal((64, 48), (read.Width, read.Height));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"width":1,"height":1}""")]
    [InlineData("""{"width":1,"height":1,"detections":[{"class":"a","label":-1,"score":1,"box":{"x1":0,"y1":0,"x2":1,"y2":1},"deviation_px":{"left":0,"top":0,"right":0,"bottom":0}}]}""")]
    [InlineData("""{"width":1,"height":1,"detections":[{"class":"a","label":2000000000,"score":1,"box":{"x1":0,"y1":0,"x2":1,"y2":1},"deviation_px":{"left":0,"top":0,"right":0,"bottom":0}}]}""")]
    public void Json_of_another_shape_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Detections>(json));

    [Fact]
    public void Print_themselves_readably()
    {
        Assert.Equal("3 detections in 64x48: 2 dog, 1 cat", Found.ToString());
        Assert.Equal("no detections in 8x4", new Detections([], [], 8, 4).ToString());
        Assert.Equal("dog.jpg", ImageSource.FromFile("dog.jpg").ToString());
        Assert.Equal("frame (4x2)", ImageSource.FromImage(new RgbImage(4, 2), "frame").ToString());
        Assert.Equal("image (3 bytes)", ImageSource.FromBytes(new byte[3]).ToString());
        Assert.Equal("empty image source", default(ImageSource).ToString());
        Assert.Equal(
            "m: 1 class, at most 1333x800 px, score > 0.05, NMS IoU 0.6",
            new ModelInfo { Name = "m", Classes = ["cat"] }.ToString());
    }

    [Fact]
    public void A_label_beyond_the_classes_is_an_argument_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Found.GetClassName(new Detection(default, 2, 1, default)));

    [Fact]
    public void Null_arguments_are_argument_errors()
    {
        Assert.Throws<ArgumentNullException>(() => (ImageSource)(byte[])null!);
        Assert.Throws<ArgumentNullException>(() => (ImageSource)(Stream)null!);
        Assert.Throws<ArgumentNullException>(() => (ImageSource)(RgbImage)null!);
        Assert.Throws<ArgumentNullException>(() => (ImageSource)(string)null!);
        Assert.Throws<ArgumentNullException>(() => new Detections(null!, [], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => Found[Found.Count]);
    }

    // As in a program that is compiled ahead of time, where reflection is off.
    [Fact]
    public void A_source_generated_context_writes_and_reads_them()
    {
        Detections detections = new([new Detection(new Box(1, 2, 3.5f, 4), 1, 0.5f, new SideValues(1, 2, 3, 4))], ["cat", "dog"], 640, 480);

        string json = JsonSerializer.Serialize(detections, DetectionsJson.Default.Detections);

        Assert.Contains("\"width\":640,\"height\":480,\"detections\":[{\"class\":\"dog\",\"label\":1,\"score\":0.5,", json, StringComparison.Ordinal);
        Detection read = Assert.Single(JsonSerializer.Deserialize(json, DetectionsJson.Default.Detections)!);
        Assert.Equal((new Box(1, 2, 3.5f, 4), 1, 0.5f), (read.Box, read.Label, read.Score));
    }
}

/// <summary>A context of a program that uses the library.</summary>
[JsonSerializable(typeof(Detections))]
internal sealed partial class DetectionsJson : JsonSerializerContext;
