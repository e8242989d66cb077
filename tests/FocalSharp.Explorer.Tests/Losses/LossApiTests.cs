using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Losses;

public sealed class LossApiTests(LossSite site) : IClassFixture<LossSite>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    [Fact]
    public async Task Focal_loss_is_cross_entropy_times_the_factor()
    {
        JsonElement found = await AskAsync("fl?p=0.9&gamma=2&alpha=0.25");

        Assert.Equal(-0.25 * 0.01 * Math.Log(0.9), Number(found, "loss"), 1e-12);
        Assert.Equal(-Math.Log(0.9), Number(found, "crossEntropy"), 1e-12);
        Assert.Equal(0.25 * 0.01 * ((2 * 0.9 * Math.Log(0.9)) + 0.9 - 1), Number(found, "gradientLogit"), 1e-12); // Lin et al., appendix B
    }

    [Fact]
    public async Task Quality_focal_loss_vanishes_at_its_target()
    {
        JsonElement found = await AskAsync("qfl?sigma=0.8&y=0.8");

        Assert.Equal(0, Number(found, "loss"), 1e-15);
        Assert.Equal(0, Number(found, "gradientLogit"), 1e-15);
        Assert.Equal(-((0.2 * Math.Log(0.2)) + (0.8 * Math.Log(0.8))), Number(found, "crossEntropy"), 1e-12);
    }

    [Fact]
    public async Task Flat_logits_give_the_logarithm_of_the_number_of_bins()
    {
        JsonElement found = await AskAsync("dfl?logits=1,1,1,1,1&y=1.25");

        Assert.Equal(Math.Log(5), Number(found, "loss"), 1e-12);
        Assert.Equal(2, Number(found, "expectation"), 1e-12);
        Assert.Equal(Math.Sqrt(2), Number(found, "deviation"), 1e-12);
        Assert.Equal(0.2 - 0.75, found.GetProperty("gradient")[1].GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Generalized_focal_loss_is_zero_where_the_mean_is_the_target()
    {
        JsonElement found = await AskAsync("gfl?pl=0.7&pr=0.3&yl=3&yr=4&y=3.3&beta=1");

        Assert.Equal(0, Number(found, "loss"), 1e-12);
        Assert.Equal(3.3, Number(found, "expectation"), 1e-12);
    }

    [Fact]
    public async Task Boxes_are_measured_as_the_papers_define()
    {
        JsonElement found = await AskAsync("box?predicted=0,0,2,2&target=1,1,3,3");

        Assert.Equal(1.0 / 7, Number(found.GetProperty("iou"), "value"), 1e-6);
        Assert.Equal((1.0 / 7) - (2.0 / 9), Number(found.GetProperty("giou"), "value"), 1e-6);
        Assert.Equal((1.0 / 7) - (2.0 / 18), Number(found.GetProperty("diou"), "value"), 1e-6);
    }

    [Fact]
    public async Task The_IoU_of_separate_boxes_is_zero()
    {
        JsonElement found = await AskAsync("box?predicted=0,0,2,2&target=5,5,7,7");

        Assert.Equal(0, Number(found.GetProperty("iou"), "value"));
        Assert.Equal(1 - 1e-6, Number(found.GetProperty("iou"), "loss"), 1e-9); // as in the official code
    }

    [Theory]
    [InlineData("fl?p=1", "p must be greater than 0")]
    [InlineData("fl?p=x", "'x' is not a number")]
    [InlineData("fl?p=NaN", "not a number")]
    [InlineData("fl", "p is missing")]
    [InlineData("qfl?sigma=0.2&y=2", "y is 2")]
    [InlineData("dfl?logits=1&y=0", "logits contains 1")]
    [InlineData("dfl?logits=1,2&y=1.5", "y is 1.5")]
    [InlineData("gfl?pl=0.5&pr=0.5&yl=2&yr=1&y=1", "yl must be less than")]
    [InlineData("box?predicted=3,0,1,1&target=0,0,1,1", "predicted must be")]
    [InlineData("qf?sigma=0.2", "did you mean")]
    [InlineData("fl?p=0.5&gama=2", "did you mean 'gamma'")]
    [InlineData("fl?p=0.5%00", "not a number")]
    public async Task Invalid_arguments_are_rejected_with_a_message(string query, string expected)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri("api/losses/" + query, UriKind.Relative));
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, body.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_rejected()
    {
        string logits = string.Join(',', Enumerable.Repeat("1", 3000));

        using HttpResponseMessage answer = await _client.GetAsync(new Uri($"api/losses/dfl?y=1&logits={logits}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    public void Dispose() => _client.Dispose();

    private Task<JsonElement> AskAsync(string query) => _client.GetFromJsonAsync<JsonElement>(new Uri("api/losses/" + query, UriKind.Relative));

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
