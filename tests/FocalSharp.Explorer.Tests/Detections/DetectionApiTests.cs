using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Imaging.Tests.Codecs;

namespace FocalSharp.Explorer.Tests.Detections;

public sealed class DetectionApiTests(DetectorSite site) : IClassFixture<DetectorSite>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    [Fact]
    public async Task Models_are_listed_by_name_without_paths()
    {
        string text = await _client.GetStringAsync(new Uri("api/models", UriKind.Relative));

        using JsonDocument json = JsonDocument.Parse(text);
        Assert.Equal(
            [("tiny", "run"), ("raw.onnx", "onnx"), ("whole.onnx", "onnx")],
            json.RootElement.GetProperty("models").EnumerateArray().Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("kind").GetString()!)));
        Assert.DoesNotContain(site.In("runs"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candidates_have_mean_deviation_quantiles_entropy_modes_and_bins_of_every_side()
    {
        using JsonDocument json = await AskAsync("tiny", 0);

        JsonElement root = json.RootElement;
        Assert.Equal((120, 80), (root.GetProperty("width").GetInt32(), root.GetProperty("height").GetInt32()));
        Assert.Equal("cat", root.GetProperty("truth")[0].GetProperty("name").GetString());
        JsonElement[] candidates = [.. root.GetProperty("candidates").EnumerateArray()];
        Assert.NotEmpty(candidates);
        Assert.All(candidates, candidate =>
        {
            for (int side = 0; side < 4; side++)
            {
                double[] bins = [.. candidate.GetProperty("distributions")[side].EnumerateArray().Select(item => item.GetDouble())];
                double bin = candidate.GetProperty("bin")[side].GetDouble();
                double distance = bins.Select((p, i) => p * i * bin).Sum();
                double mean = candidate.GetProperty("origin")[side].GetDouble() + (side < 2 ? -distance : distance);
                double deviation = bin * Math.Sqrt(bins.Select((p, i) => p * (i - (distance / bin)) * (i - (distance / bin))).Sum());
                Assert.Equal(1, bins.Sum(), 1e-3);
                Assert.Equal(mean, candidate.GetProperty("mean")[side].GetDouble(), 0.02 * bin);
                Assert.Equal(deviation, candidate.GetProperty("deviation")[side].GetDouble(), 0.02 * bin);
                Assert.Equal(-bins.Where(p => p > 0).Sum(p => p * Math.Log(p)), candidate.GetProperty("entropy")[side].GetDouble(), 2e-2);
                Assert.Equal(bins.Max(), candidate.GetProperty("modes")[side][0][1].GetDouble(), 1e-4);
                Assert.Equal([0.05, 0.5, 0.95], candidate.GetProperty("quantiles").EnumerateArray().Select(item => item.GetProperty("probability").GetDouble()));
            }
        });
    }

    [Fact]
    public async Task Raw_onnx_files_agree_with_the_weights_and_other_onnx_files_have_no_distributions()
    {
        using JsonDocument weights = await UploadAsync("tiny");
        using JsonDocument raw = await UploadAsync("raw.onnx");
        using JsonDocument whole = await UploadAsync("whole.onnx");

        JsonElement[] expected = [.. weights.RootElement.GetProperty("candidates").EnumerateArray()];
        JsonElement[] found = [.. raw.RootElement.GetProperty("candidates").EnumerateArray()];
        Assert.Equal(expected.Length, found.Length);
        Assert.Equal(expected.Sum(Width), found.Sum(Width), 0.02 * expected.Length);
        Assert.Equal(JsonValueKind.Null, raw.RootElement.GetProperty("note").ValueKind);
        Assert.All(found, candidate => Assert.Equal(4, candidate.GetProperty("distributions").GetArrayLength()));
        Assert.Contains("raw outputs", whole.RootElement.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.All(whole.RootElement.GetProperty("candidates").EnumerateArray(), candidate => Assert.False(candidate.TryGetProperty("distributions", out _)));

        static double Width(JsonElement candidate) => candidate.GetProperty("deviation")[0].GetDouble();
    }

    [Theory]
    [InlineData("words", 415, "not an image")]
    [InlineData("bomb", 413, "40000")]
    [InlineData("torn", 422, "")]
    [InlineData("empty", 400, "empty")]
    [InlineData("dot", 422, "1x1")]
    public async Task Bad_uploads_are_rejected_with_a_message(string kind, int status, string words)
    {
        byte[] body = kind switch
        {
            "words" => "these are words, and no picture at all"u8.ToArray(),
            "bomb" => HandWrittenImages.Png(40_000, 40_000, bitDepth: 8, colorType: 2, new byte[10_000]),
            "torn" => File.ReadAllBytes(site.Picture(0))[..60],
            "dot" => HandWrittenImages.Png(1, 1, bitDepth: 8, colorType: 2, new byte[4]),
            _ => [],
        };

        using HttpResponseMessage answer = await PostAsync("tiny", body, "photo.png");

        await AssertRejectedAsync(answer, status, words);
    }

    [Fact]
    public async Task A_200_megabyte_upload_is_rejected_before_it_is_read()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "api/detections?model=tiny") { Content = new ByteArrayContent(new byte[200 << 20]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage answer = await _client.SendAsync(request);

        await AssertRejectedAsync(answer, 413, "MiB");
    }

    [Theory]
    [InlineData("../../etc/passwd.png", "passwd.png")]
    [InlineData("C:\\\\windows\\\\evil.png", "evil.png")]
    public async Task A_path_in_the_file_name_is_not_used_as_a_path(string sent, string shown)
    {
        string[] before = [.. Directory.EnumerateFileSystemEntries(site.In(), "*", SearchOption.AllDirectories).Order()];

        using HttpResponseMessage answer = await PostAsync("tiny", File.ReadAllBytes(site.Picture(0)), sent);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(shown, json.RootElement.GetProperty("name").GetString());
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(site.In(), "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public async Task Two_images_in_one_request_are_rejected()
    {
        using MultipartFormDataContent form = Form(File.ReadAllBytes(site.Picture(0)), "a.png");
        form.Add(new ByteArrayContent(File.ReadAllBytes(site.Picture(1))), "image", "b.png");

        using HttpResponseMessage answer = await _client.PostAsync(new Uri("api/detections?model=tiny", UriKind.Relative), form);

        await AssertRejectedAsync(answer, 400, "one image");
    }

    [Theory]
    [InlineData("api/detections?model=../tiny&image=0", 404)]
    [InlineData("api/detections?model=/etc/passwd&image=0", 404)]
    [InlineData("api/detections?image=0", 404)]
    [InlineData("api/detections?model=tiny&image=99", 404)]
    [InlineData("api/detections?model=tiny&image=-1", 404)]
    [InlineData("api/detections?model=tiny&image=..%2F..%2Fetc", 400)]
    [InlineData("api/images?model=tiny&limit=100000", 400)]
    [InlineData("api/images?model=tiny&order=sideways", 400)]
    [InlineData("api/images/picture?model=tiny&image=3", 404)]
    [InlineData("api/calibration?model=absent", 404)]
    public async Task Requests_with_paths_or_invalid_indices_are_rejected(string address, int status)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(address, UriKind.Relative));

        await AssertRejectedAsync(answer, status, "");
    }

    [Theory]
    [InlineData("api/images?model=raw.onnx", "Pass a data set")]
    [InlineData("api/calibration?model=raw.onnx", "Evaluate raw.onnx")]
    public async Task Missing_data_of_a_model_without_a_run_is_a_note(string address, string words)
    {
        using JsonDocument json = JsonDocument.Parse(await _client.GetStringAsync(new Uri(address, UriKind.Relative)));

        Assert.Contains(words, json.RootElement.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_and_thumbnails_are_served()
    {
        byte[] picture = await _client.GetByteArrayAsync(new Uri("api/images/picture?model=tiny&image=2", UriKind.Relative));
        using HttpResponseMessage small = await _client.GetAsync(new Uri("api/images/thumbnail?model=tiny&image=2", UriKind.Relative));

        Assert.Equal(File.ReadAllBytes(site.Picture(2)), picture);
        Assert.Equal("image/jpeg", small.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(small.Headers.GetValues("X-Content-Type-Options")));
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonDocument> AskAsync(string model, int image) =>
        JsonDocument.Parse(await _client.GetStringAsync(new Uri($"api/detections?model={model}&image={image}", UriKind.Relative)));

    private async Task<JsonDocument> UploadAsync(string model)
    {
        using HttpResponseMessage answer = await PostAsync(model, File.ReadAllBytes(site.Picture(1)), "1.png");
        return JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostAsync(string model, byte[] body, string name)
    {
        using MultipartFormDataContent form = Form(body, name);
        return await _client.PostAsync(new Uri($"api/detections?model={model}", UriKind.Relative), form);
    }

    // Sent unchanged: the writer of HttpClient would sanitize the name.
    private static MultipartFormDataContent Form(byte[] body, string name)
    {
        ByteArrayContent part = new(body);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"image\"; filename=\"{name}\"");
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return new MultipartFormDataContent { part };
    }

    private static async Task AssertRejectedAsync(HttpResponseMessage answer, int status, string words)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        if (text.Length > 0)
        {
            using JsonDocument json = JsonDocument.Parse(text);
            string error = json.RootElement.GetProperty("detail").GetString()!;
            Assert.Contains(words, error, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
        }
    }
}
