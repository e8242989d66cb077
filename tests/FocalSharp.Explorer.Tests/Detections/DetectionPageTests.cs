using System.Globalization;
using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Models;
using FocalSharp.Runtime;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Detections;

[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class DetectionPageTests(BrowserFixture browser, DetectorSite site)
{
    private Uri Page => new(site.Address, "detections");

    [Fact]
    public async Task A_picture_becomes_boxes_a_table_and_four_distributions()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(Page);

        await visit.Page.Locator("#file").SetInputFilesAsync(site.Picture(1));
        await visit.WaitForImageAsync("1.png, 120 × 80 px");

        using TorchDetector model = TorchDetector.Load(site.Weights);
        Detection[] expected = Library(model, ImageDecoder.Decode(site.Picture(1)), 0.3, 0.6);
        Assert.NotEmpty(expected);
        await AssertShowsAsync(visit, expected);
        Assert.Equal(expected.Length, await visit.Page.Locator("#stage .found").CountAsync());
        Assert.Equal(4, await visit.Page.Locator("#sides .main-svg:first-child").CountAsync());
        foreach (string fact in (string[])["Mean", "σ", "90 % within", "Entropy"])
        {
            Assert.Equal(4, await visit.Page.Locator($"#sides dt:text-is('{fact}')").CountAsync());
        }

        Assert.Contains(
            $"{expected[0].Mean.Left.ToString("F1", CultureInfo.InvariantCulture).Replace('-', '−')} px",
            await visit.Page.Locator("[data-side=left] dd").First.TextContentAsync(),
            StringComparison.Ordinal);
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task Sliders_leave_what_the_library_leaves()
    {
        using TorchDetector model = TorchDetector.Load(site.Weights);
        RgbImage image = ImageDecoder.Decode(site.Picture(1));
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&image=1"));
        int requests = visit.Requests.Count(address => address.Contains("/api/detections", StringComparison.Ordinal));

        foreach ((double score, double nms) in ((double, double)[])[(0.29, 0.6), (0.3, 0.2), (0.9, 0.6), (0.3, 0.95), (0.25, 1)])
        {
            await visit.SlideAsync("score", score);
            await visit.SlideAsync("nms", nms);

            await AssertShowsAsync(visit, Library(model, image, score, nms));
        }

        Assert.Equal(requests, visit.Requests.Count(address => address.Contains("/api/detections", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rows_are_chosen_with_the_arrow_keys_and_boxes_with_the_pointer()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&image=0#nms=0.9"));
        ILocator pressed = visit.Page.Locator("#table [aria-pressed=true]");
        string first = (await pressed.GetAttributeAsync("aria-label"))!;
        await pressed.FocusAsync();

        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.WaitForFramesAsync();
        string second = (await pressed.GetAttributeAsync("aria-label"))!;
        Assert.StartsWith("Detection 1:", first, StringComparison.Ordinal);
        Assert.StartsWith("Detection 2:", second, StringComparison.Ordinal);
        Assert.Equal(second, await visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"));

        await visit.Page.Keyboard.PressAsync("End");
        await visit.WaitForFramesAsync();
        string last = (await pressed.GetAttributeAsync("aria-label"))!;
        Assert.StartsWith($"Detection {await visit.Page.Locator("#table tbody tr").CountAsync()}:", last, StringComparison.Ordinal);
        Assert.Equal(1, await visit.Page.Locator("#stage .chosen").CountAsync());

        await visit.Page.Locator("#stage .hit").Last.ClickAsync(new() { Position = new() { X = 1, Y = 1 }, Force = true });
        await visit.WaitForFramesAsync();
        Assert.Equal(1, await pressed.CountAsync());
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task Escape_deselects_and_plain_boxes_have_no_bands()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&image=0#nms=0.9"));
        ILocator bands = visit.Page.Locator("#stage .found rect[fill-opacity], #stage .found rect[fill^='url']");
        Assert.NotEqual(0, await bands.CountAsync());

        await visit.Page.Locator("[name=edges][value=none]").CheckAsync(new() { Force = true });
        await visit.WaitForFramesAsync();
        Assert.Equal(1, await visit.Page.Locator("#stage .chosen").CountAsync());
        Assert.Equal(0, await bands.CountAsync());
        Assert.Equal(0, await visit.Page.Locator("#stage .whisker").CountAsync());

        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.WaitForFramesAsync();
        Assert.Equal(0, await visit.Page.Locator("#stage .chosen").CountAsync());
        Assert.Equal(0, await visit.Page.Locator("#table [aria-pressed=true]").CountAsync());
        Assert.False(await visit.Page.Locator("#sides").IsVisibleAsync());

        await visit.SlideAsync("score", 0.31); // what is deselected stays so
        Assert.Equal(0, await visit.Page.Locator("#stage .chosen").CountAsync());
        await visit.Page.Locator("#table tbody tr button").First.ClickAsync();
        await visit.WaitForFramesAsync();
        Assert.Equal(1, await visit.Page.Locator("#stage .chosen").CountAsync());
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task The_worst_misses_stand_first_and_open_with_their_annotations()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(Page);

        string[] names = await visit.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('[data-images] .name')].map(item => item.textContent.split('/').pop())");

        // Tests of the label editor on the same site may have marked images as checked.
        string[] badges = await visit.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('[data-images] button')].map(item => [...item.querySelectorAll('.badge')].map(badge => badge.textContent).find(text => text !== 'checked'))");
        Assert.Equal(["2.png", "1.png", "0.png"], names);
        Assert.Equal(["missed 3 of 3", "missed 1 of 2", "found all 1"], badges);
        Assert.Equal(3, await visit.Page.Locator("#stage .truth").CountAsync());

        await visit.Page.Locator("[data-images] button").Nth(1).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#stage .truth")).ToHaveCountAsync(2);
        Assert.Contains("image=1", visit.Page.Url, StringComparison.Ordinal);
        Assert.Equal("true", await visit.Page.Locator("[data-images] button").Nth(1).GetAttributeAsync("aria-pressed"));

        await visit.Page.Locator("#truth").UncheckAsync();
        await visit.WaitForFramesAsync();
        Assert.Equal(0, await visit.Page.Locator("#stage .truth").CountAsync());
    }

    [Fact]
    public async Task A_file_that_carries_no_distributions_says_so()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=whole.onnx"));

        Assert.Contains("Pass a data set", await visit.Page.Locator("[data-summary]").TextContentAsync(), StringComparison.Ordinal);
        await visit.Page.Locator("#file").SetInputFilesAsync(site.Picture(0));
        await visit.WaitForImageAsync("0.png");

        Assert.Contains("raw outputs", await visit.Page.Locator("#limitation").TextContentAsync(), StringComparison.Ordinal);
        Assert.False(await visit.Page.Locator("#sides .plot").First.IsVisibleAsync());
        Assert.Equal(4, await visit.Page.Locator("#sides dt:text-is('σ')").CountAsync());
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_is_answered_by_a_sentence_and_loses_nothing()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&image=0"));
        int shown = await visit.Page.Locator("#stage .found").CountAsync();

        await visit.Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "words.png", MimeType = "image/png", Buffer = "these are words"u8.ToArray() });
        await visit.Page.Locator("[data-notice]", new() { HasText = "words.png" }).WaitForAsync();
        Assert.Contains("not an image", await visit.Page.Locator("[data-notice]").TextContentAsync(), StringComparison.Ordinal);

        await visit.Page.EvaluateAsync(
            """
            () => {
              const given = new DataTransfer();
              given.items.add(new File([new Uint8Array(200 * 1024 * 1024)], "huge.png", { type: "image/png" }));
              const input = document.getElementById("file");
              input.files = given.files;
              input.dispatchEvent(new Event("change"));
            }
            """);
        await visit.Page.Locator("[data-notice]", new() { HasText = "huge.png" }).WaitForAsync();
        Assert.Contains("200 MB is too large", await visit.Page.Locator("[data-notice]").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(shown, await visit.Page.Locator("#stage .found").CountAsync());
        Assert.False(await visit.Page.EvaluateAsync<bool>("document.body.classList.contains('busy')"));
    }

    [Fact]
    public async Task The_pages_choice_equals_the_librarys_over_random_candidates()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(Page);
        Random random = new(11);
        for (int round = 0; round < 120; round++)
        {
            int count = random.Next(1, 90);
            float[] boxes = new float[4 * count];
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => MathF.Round(random.NextSingle(), random.Next(2, 7))).OrderDescending()];
            int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(3))];
            for (int i = 0; i < count; i++)
            {
                // A coarse lattice makes overlaps that equal the threshold.
                float step = round % 2 == 0 ? 8 : 0.37f;
                (boxes[4 * i], boxes[(4 * i) + 1]) = (step * random.Next(12), step * random.Next(12));
                (boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (boxes[4 * i] + (step * random.Next(1, 9)), boxes[(4 * i) + 1] + (step * random.Next(1, 9)));
            }

            double threshold = Math.Round(random.NextDouble() * 0.6, 2);
            double nms = Math.Round(random.NextDouble(), 2);
            int max = random.Next(1, 40);
            int[] passed = [.. Enumerable.Range(0, count).Where(i => scores[i] > (float)threshold)];
            int[] expected = FocalSharp.Boxes.Nms.Select(
                passed.SelectMany(i => boxes[(4 * i)..((4 * i) + 4)]).ToArray(), passed.Select(i => scores[i]).ToArray(), passed.Select(i => labels[i]).ToArray(), nms, max);

            string candidates = JsonSerializer.Serialize(Enumerable.Range(0, count).Select(i => new { label = labels[i], score = scores[i], box = boxes[(4 * i)..((4 * i) + 4)] }));
            int[] chosen = await visit.Page.EvaluateAsync<int[]>(
                "([candidates, threshold, nms, max]) => focalsharp.select(JSON.parse(candidates), { threshold, nms, max })", new object[] { candidates, threshold, nms, max });

            Assert.Equal(expected.Select(place => passed[place]), chosen);
        }
    }

    private static async Task AssertShowsAsync(BrowserPage visit, Detection[] expected)
    {
        string[] classes = ["cat", "dog"];
        Assert.Equal(expected.Select(item => classes[item.Label]), await visit.ColumnAsync(0));
        double[] scores = [.. (await visit.ColumnAsync(1)).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First.Score, pair.Second, 6e-4));
        double[] left = [.. (await visit.ColumnAsync(2)).Select(text => double.Parse(text.Trim('±', ' '), CultureInfo.InvariantCulture))];
        Assert.All(expected.Zip(left), pair => Assert.Equal(pair.First.Deviation.Left, pair.Second, 0.06));
        Assert.Equal(expected.Length.ToString(CultureInfo.InvariantCulture), await visit.Page.Locator("[data-value=shown]").TextContentAsync());
    }

    private static Detection[] Library(TorchDetector model, RgbImage image, double score, double nms) =>
        [.. model.Detect(image, new DetectOptions { ScoreThreshold = score, IouThreshold = nms })];
}
