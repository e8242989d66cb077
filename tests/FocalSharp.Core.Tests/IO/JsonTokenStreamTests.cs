using System.Text;
using System.Text.Json;
using CsCheck;
using FocalSharp.Datasets.Formats.Coco;

namespace FocalSharp.Core.Tests.IO;

public sealed class JsonTokenStreamTests
{
    [Fact]
    public void NaN_is_read_across_chunk_boundaries() => Gen.Int[1, 40].Sample(chunk =>
    {
        const string text = """{"images": [{"id": 1, "file_name": "NaN Infinity \\\"I\"", "width": NaN}], "annotations": [{"bbox": [NaN, -Infinity, Infinity, 2.5], "area": -Infinity}], "categories": []}""";
        CocoFile file = CocoParser.Parse(new OneByteStream(Encoding.UTF8.GetBytes(text), chunk));

        Assert.Equal("NaN Infinity \\\"I\"", file.Images[0].FileName);
        CocoAnnotation annotation = file.Annotations[0];
        Assert.Equal((double.NaN, double.NaN, double.NaN, 2.5, double.NaN), (annotation.X, annotation.Y, annotation.Width, annotation.Height, annotation.Area));
    });

    [Fact]
    public void Text_longer_than_the_buffer_is_read()
    {
        string name = new('x', 300_000);
        CocoFile file = CocoParser.Parse(new OneByteStream(Encoding.UTF8.GetBytes($$"""{"images": [{"id": 1, "file_name": "{{name}}"}]}"""), 7000));

        Assert.Equal(name, file.Images[0].FileName);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.True(CocoParser.Parse(new MemoryStream([0xEF, 0xBB, 0xBF, .. "{\"images\":[]}"u8])).HasImages);

    [Theory]
    [InlineData("[{\"image_id\": 1, \"score\": 0.5}]")]
    [InlineData("{\"images\": {}}")]
    [InlineData("3")]
    public void Other_json_is_not_mistaken_for_coco(string text) =>
        Assert.False(CocoParser.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text))).HasImages);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"images\": [}")]
    [InlineData("{\"images\": []} trailing")]
    [InlineData("{\"images\": [{\"id\": Na}]}")]
    [InlineData("{\"images\": [{\"file_name\": \"\\ud800\"}]}")]
    public void Text_that_is_not_json_is_rejected(string text) =>
        Assert.ThrowsAny<JsonException>(() => CocoParser.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Endless_nesting_is_rejected() =>
        Assert.ThrowsAny<JsonException>(() => CocoParser.Parse(new MemoryStream(Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000)))));

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class OneByteStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
