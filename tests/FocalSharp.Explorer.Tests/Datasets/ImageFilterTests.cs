using System.Net;
using System.Text.Json;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Datasets;

/// <summary>The numbers of a report as lists of images. The run found a cat in picture 0, the cat but not the dog in 1, and none of a dog and two cats in 2.</summary>
public sealed class ImageFilterTests(DetectorSite site) : IClassFixture<DetectorSite>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    [Theory]
    [InlineData("class=dog", "1.png 1, 2.png 1", 2, "objects of class dog")]
    [InlineData("class=cat", "2.png 2, 0.png 1, 1.png 1", 4, "objects of class cat")]
    [InlineData("class=cat&size=small", "2.png 2, 1.png 1", 3, "small objects of class cat")] // 24 by 16 and 36 by 24 pixels; 60 by 40 is medium
    [InlineData("size=medium", "0.png 1, 1.png 1, 2.png 1", 3, "medium objects")]
    [InlineData("error=missed", "2.png 3, 1.png 1", 4, "missed objects")]
    [InlineData("error=missed&class=dog", "1.png 1, 2.png 1", 2, "missed objects of class dog")]
    [InlineData("error=any", "2.png 3, 1.png 1", 4, "errors")]
    [InlineData("error=background", "", 0, "background errors")]
    [InlineData("annotated=cat&detected=cat", "0.png 1, 1.png 1", 2, "cat detected as cat")]
    [InlineData("annotated=cat&detected=", "2.png 2", 2, "cat detected as nothing")]
    [InlineData("annotated=&detected=cat&error=duplicate", "", 0, "nothing detected as cat (duplicate)")]
    [InlineData("issue=missing_label", "", 0, "labels to check: missing label")]
    public async Task A_number_finds_its_images_and_boxes(string filter, string expected, int counted, string title)
    {
        using JsonDocument json = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"api/images?model=tiny&{filter}", UriKind.Relative)));

        JsonElement root = json.RootElement;
        Assert.Equal(title, root.GetProperty("filter").GetString());
        Assert.Equal(counted, root.GetProperty("counted").GetInt32());
        Assert.Equal(expected, string.Join(", ", root.GetProperty("images").EnumerateArray().Select(image => $"{image.GetProperty("name").GetString()} {image.GetProperty("marks").GetArrayLength()}")));
        Assert.All(root.GetProperty("images").EnumerateArray().SelectMany(image => image.GetProperty("marks").EnumerateArray()), mark => Assert.Equal(4, mark.GetProperty("box").GetArrayLength()));
    }

    [Theory]
    [InlineData("error=all", "error=all is unknown; use one of class, location, both, duplicate, background, missed, any.")]
    [InlineData("size=huge", "small, medium, large")]
    [InlineData("issue=x", "missing_label, wrong_class, bad_box")]
    [InlineData("annotated=cat", "both parameters")]
    [InlineData("class=cat&issue=bad_box", "do not go together")]
    [InlineData("class=cow", "no class 'cow'")]
    public async Task A_filter_that_means_nothing_is_refused(string filter, string words)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri($"api/images?model=tiny&{filter}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(words, json.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    public void Dispose() => _client.Dispose();
}
