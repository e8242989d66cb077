using System.Net;
using System.Text.Json;
using FocalSharp.Serving.Tests.Support;

namespace FocalSharp.Serving.Tests.Http;

public sealed class DetectTests
{
    [Fact]
    public async Task A_raw_image_is_answered_with_its_detections()
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.PostAsync("/v1/detect", Samples.Jpeg(40, 30), "image/jpeg");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """
            {"model":"fake","name":"image","width":40,"height":30,"detections":[
            {"class":"dog","label":1,"score":0.9,"box":{"x1":0,"y1":0,"x2":40,"y2":30},"deviation_px":{"left":1,"top":2,"right":3,"bottom":4}},
            {"class":"cat","label":0,"score":0.5,"box":{"x1":1.24,"y1":2,"x2":3,"y2":4},"deviation_px":{"left":0.5,"top":0.5,"right":0.5}}]}
            """.ReplaceLineEndings(""),
            await response.Content.ReadAsStringAsync());
        Assert.Contains("detect;dur=", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_names_its_image_and_sets_thresholds()
    {
        await using RunningService service = await RunningService.StartAsync();
        using MultipartFormDataContent form = new()
        {
            { RunningService.Bytes(Samples.Png(), "image/png"), "image", "../../etc/photo.png" },
            { new StringContent("0.6"), "threshold" },
        };

        JsonElement answer = await RunningService.JsonAsync(await service.Client.PostAsync("/v1/detect", form));

        Assert.Equal("photo.png", answer.GetProperty("name").GetString());
        Assert.Equal([0.9], Scores(answer));
    }

    [Theory]
    [InlineData("", new[] { 0.9, 0.5 })]
    [InlineData("?threshold=0.05", new[] { 0.9, 0.5, 0.1 })]
    [InlineData("?threshold=0.5", new[] { 0.9 })]
    [InlineData("?threshold=1", new double[0])]
    [InlineData("?max_detections=1", new[] { 0.9 })]
    [InlineData("?threshold=0&max_detections=2", new[] { 0.9, 0.5 })]
    public async Task The_query_sets_thresholds(string query, double[] scores)
    {
        await using RunningService service = await RunningService.StartAsync();

        JsonElement answer = await RunningService.JsonAsync(await service.PostAsync("/v1/detect" + query, Samples.Jpeg()));

        Assert.Equal(scores, Scores(answer));
    }

    [Fact]
    public async Task A_batch_answers_in_order_and_carries_the_error_of_each_bad_image()
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.PostFormAsync(
            "/v1/detect/batch", ("a.jpg", Samples.Jpeg(40, 30)), ("b.jpg", Samples.Truncated()), ("c.txt", "text, not an image"u8.ToArray()), ("d.png", Samples.Png(50, 20)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement[] images = [.. (await RunningService.JsonAsync(response)).GetProperty("images").EnumerateArray()];
        Assert.Equal(["a.jpg", "b.jpg", "c.txt", "d.png"], images.Select(image => image.GetProperty("name").GetString()));
        Assert.Equal([40, null, null, 50], images.Select(image => image.TryGetProperty("width", out JsonElement width) ? width.GetInt32() : (int?)null));
        Assert.Equal([422, 415], images.Where(image => image.TryGetProperty("error", out _)).Select(image => image.GetProperty("error").GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_batch_of_only_bad_images_is_rejected()
    {
        await using RunningService service = await RunningService.StartAsync();

        await RunningService.AssertProblemAsync(415, await service.PostFormAsync("/v1/detect/batch", ("a", "no"u8.ToArray()), ("b", Samples.Truncated())));
    }

    [Fact]
    public async Task Two_images_where_one_is_taken_are_sent_to_the_batch_route()
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.PostFormAsync("/v1/detect", ("a.jpg", Samples.Jpeg()), ("b.jpg", Samples.Jpeg()));

        Assert.Contains("/v1/detect/batch", await RunningService.AssertProblemAsync(413, response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "image/jpeg")]
    [InlineData("?format=png", "image/png")]
    public async Task An_annotated_picture_has_the_images_size(string query, string type)
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.PostAsync("/v1/annotate" + query, Samples.Jpeg(120, 90));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        byte[] picture = await response.Content.ReadAsByteArrayAsync();
        RgbImage image = FocalSharp.Imaging.Codecs.ImageDecoder.Decode(picture);
        Assert.Equal((120, 90), (image.Width, image.Height));
        Assert.NotEqual(FocalSharp.Imaging.Codecs.ImageDecoder.Decode(Samples.Jpeg(120, 90)).Pixels, image.Pixels);
    }

    [Fact]
    public async Task The_model_and_the_limits_are_reported()
    {
        await using RunningService service = await RunningService.StartAsync();

        JsonElement answer = await RunningService.JsonAsync(await service.Client.GetAsync("/v1/model"));
        Assert.Equal("focalsharp train demo", answer.GetProperty("run").GetProperty("command").GetString());

        Assert.Equal(["cat", "dog"], answer.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(0.3, answer.GetProperty("threshold").GetDouble());
        Assert.Equal("MIT", answer.GetProperty("license").GetString());
        Assert.Equal(32L << 20, answer.GetProperty("limits").GetProperty("image_bytes").GetInt64());
    }

    [Fact]
    public async Task Every_input_is_given_back()
    {
        await using RunningService service = await RunningService.StartAsync();
        int before = service.Model.Disposed;

        (await service.PostAsync("/v1/detect", Samples.Jpeg())).EnsureSuccessStatusCode();
        (await service.PostAsync("/v1/annotate", Samples.Jpeg())).EnsureSuccessStatusCode();
        (await service.PostFormAsync("/v1/detect/batch", ("a", Samples.Jpeg()), ("b", Samples.Png()))).EnsureSuccessStatusCode();

        await Eventually.IsTrueAsync(() => service.Model.Disposed - before == 4, "4 inputs come back");
    }

    private static IEnumerable<double> Scores(JsonElement answer) =>
        answer.GetProperty("detections").EnumerateArray().Select(detection => detection.GetProperty("score").GetDouble());
}
