using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FocalSharp.Datasets.Patching;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Labels;

public sealed class LabelApiTests(DetectorSite site) : IClassFixture<DetectorSite>, IDisposable
{
    private const string Cat = """{ "class": "cat", "box": [30, 20, 90, 60] }""";
    private const string MovedCat = """{ "class": "cat", "box": [33, 20, 90, 60] }""";
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    private string PatchPath => LabelPatch.GetPath(site.In("data"));

    [Fact]
    public async Task Corrections_are_saved_beside_the_data_set_and_can_be_undone()
    {
        string annotations = await File.ReadAllTextAsync(site.In("data", "labels", "val", "0.txt"));

        using (JsonDocument moved = await EditAsync(0, $$"""{ "before": {{Cat}}, "after": {{MovedCat}} }"""))
        {
            JsonElement item = Assert.Single(moved.RootElement.GetProperty("objects").EnumerateArray());
            Assert.Equal("changed", item.GetProperty("state").GetString());
            Assert.Equal([33, 20, 90, 60], item.GetProperty("box").EnumerateArray().Select(edge => edge.GetDouble()));
            Assert.Equal(1, moved.RootElement.GetProperty("allEdits").GetInt32());
        }

        using (JsonDocument added = await EditAsync(0, """{ "after": { "class": "dog", "box": [2, 3, 20, 30] } }"""))
        {
            Assert.Equal(["changed", "added"], added.RootElement.GetProperty("objects").EnumerateArray().Select(item => item.GetProperty("state").GetString()));
        }

        using (JsonDocument deleted = await EditAsync(0, $$"""{ "before": {{MovedCat}} }"""))
        {
            Assert.Equal("dog", Assert.Single(deleted.RootElement.GetProperty("objects").EnumerateArray()).GetProperty("class").GetString());
        }

        LabelPatch patch = LabelPatch.Read(PatchPath);
        Assert.Equal(3, patch.Edits.Count);
        Assert.All(patch.Edits, edit => Assert.Equal("0.png", edit.Image));
        Assert.Equal(annotations, await File.ReadAllTextAsync(site.In("data", "labels", "val", "0.txt")));

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage undone = await PostAsync("api/labels/undo?model=tiny", "{}");
            using JsonDocument json = JsonDocument.Parse(await undone.Content.ReadAsStringAsync());
            Assert.Equal(0, json.RootElement.GetProperty("image").GetInt32());
        }

        using HttpResponseMessage nothing = await PostAsync("api/labels/undo?model=tiny", "{}");
        Assert.Equal("{}", await nothing.Content.ReadAsStringAsync());
        using JsonDocument labels = JsonDocument.Parse(await _client.GetStringAsync(new Uri("api/labels?model=tiny&image=0", UriKind.Relative)));
        Assert.Equal("original", Assert.Single(labels.RootElement.GetProperty("objects").EnumerateArray()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Checked_images_are_recorded_once()
    {
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await PostAsync("api/labels/reviewed?model=tiny&image=2", "{}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(["2.png"], LabelPatch.Read(PatchPath).Reviewed);
        Assert.Equal("""{"reviewed":[2]}""", await _client.GetStringAsync(new Uri("api/labels/progress?model=tiny", UriKind.Relative)));
    }

    [Theory]
    [InlineData("""{ "before": { "class": "cat", "box": [1, 1, 9, 9] } , "after": { "class": "dog", "box": [1, 1, 9, 9] } }""", HttpStatusCode.Conflict, "no label 'cat' at 1, 1, 9, 9")]
    [InlineData("""{ "after": { "class": "cow", "box": [1, 1, 9, 9] } }""", HttpStatusCode.Conflict, "no class 'cow'")]
    [InlineData("""{ "after": { "class": "cat", "box": [500, 1, 900, 9] } }""", HttpStatusCode.Conflict, "outside")]
    [InlineData("""{ "after": { "class": "cat", "box": [30, 20, 90, 60] } }""", HttpStatusCode.Conflict, "already")]
    [InlineData("""{ "after": { "class": "cat", "box": [9, 1, 1, 9] } }""", HttpStatusCode.BadRequest, "x1 < x2")]
    [InlineData("{}", HttpStatusCode.BadRequest, "neither")]
    [InlineData("[", HttpStatusCode.BadRequest, "cannot be read")]
    public async Task Edits_that_do_not_fit_are_refused_with_the_reason(string edit, HttpStatusCode status, string words)
    {
        using HttpResponseMessage response = await PostAsync("api/labels?model=tiny&image=0", edit);

        Assert.Equal(status, response.StatusCode);
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(words, json.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)] // a sandboxed page, such as the report
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "example.com", HttpStatusCode.MisdirectedRequest)]
    public async Task Other_pages_cannot_correct_labels(string header, string value, HttpStatusCode status)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("api/labels?model=tiny&image=0", UriKind.Relative)) { Content = Json("{}") };
        request.Headers.TryAddWithoutValidation(header, value);

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Forms_and_large_bodies_are_refused()
    {
        using StringContent form = new("{}", Encoding.UTF8, "text/plain");
        using HttpResponseMessage plain = await _client.PostAsync(new Uri("api/labels?model=tiny&image=0", UriKind.Relative), form);
        using HttpResponseMessage large = await PostAsync("api/labels?model=tiny&image=0", $$"""{ "x": "{{new string('x', 70_000)}}" }""");
        using HttpResponseMessage unknown = await PostAsync("api/labels?model=tiny&image=3", """{ "after": { "class": "cat", "box": [1, 1, 9, 9] } }""");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonDocument> EditAsync(int image, string edit)
    {
        using HttpResponseMessage response = await PostAsync($"api/labels?model=tiny&image={image}", edit);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }

    private Task<HttpResponseMessage> PostAsync(string address, string json) => _client.PostAsync(new Uri(address, UriKind.Relative), Json(json));

    private static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));
}
